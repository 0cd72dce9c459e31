"""A reward by a rubric that follows its branch between the steps of a training."""

from __future__ import annotations

import asyncio
import logging
import math
import os
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..errors import ArgumentError
from ..store import Store
from .asking import ask, ask_async
from .gold import Gold, Golds
from .graded import Graded, GradedStep, merged, record
from .peers import Peers, Solo
from .update import Settings, Update, note, update
from .verdicts import Verdicts, read

if TYPE_CHECKING:
    from ..evidence import Propose
    from ..pin import PinnedRubric
    from ..types import Author
    from .rollout import Judge, Judged, Rollout

__all__ = ["RubricReward"]

logger = logging.getLogger("rubricstore.reward")

_PINS = 64
_STEPS = 100_000
_HISTORY = 100_000


class RubricReward:
    """Turns rollouts into rewards, by a rubric that follows its branch between steps.

    A step is graded by one commit, whatever happens to the branch meanwhile. Any thread may grade.

    Parameters
    ----------
    store : Store or path
        The repository.
    rubric : str
        ``RUBRIC@BRANCH`` is followed; ``RUBRIC@HASH`` or a tag stays what it is.
    judge : Judge
        Gives the verdicts.
    every : int, optional
        The steps between two meta-updates: before every such step the graded rollouts since go to
        `Store.meta_update`, which commits to the branch. If left out, the branch is only followed.
    gold : str or callable, optional
        A score that is trusted more than the judge's, for some rollouts: a column of the data set
        (`Rollout.extra`), or a function of the rollouts that answers a number or None for each.
        Without it the statistical proposer cannot tell gaming from getting better, and changes next
        to nothing. NaN is none as well; another thing than a finite number, or a column that no
        rollout has, is an `ArgumentError`.
    on_unscorable : {"none", "raise"} or float
        What the trainer gets for a rollout that has no reward: None, an `UnscorableError`, or this
        number. It is never taken for the rubric's reward, neither in evidence nor in means. Of a
        call that is refused so, nothing is kept.
    proposer : callable, optional
        Proposes edits in the place of statistics; see `Store.meta_update`.
    policy : str, path or mapping, optional
        The bounds of the review; the repository's own if left out.
    author : str, tuple or mapping, optional
        Who commits.
    keep : int
        How many graded rollouts are kept for the meta-editor.
    evidence : path, optional
        A file that graded rollouts are appended to, as JSON lines.
    peers : Peers, optional
        How several processes agree: a `RunFolder`. It keeps the evidence then.
    per_step : int, optional
        How many rollouts are a step, for trainers that do not say which step it is. A call that
        raises is not counted, since it is asked again. One that was answered, and is asked again
        since the answer was lost, is counted twice and is evidence twice.

    Attributes
    ----------
    history : deque of GradedStep
        Which commit graded which step, the last 100,000.
    steps : int
        How many there were in all.
    updates : list of Update
        The meta-updates that this process made.
    """

    def __init__(
        self,
        store: Store | str | os.PathLike[str],
        rubric: str,
        judge: Judge,
        *,
        every: int | None = None,
        gold: Gold | None = None,
        on_unscorable: str | float = "none",
        proposer: Propose | None = None,
        policy: Any = None,
        author: Author | None = None,
        keep: int = 4096,
        evidence: str | os.PathLike[str] | None = None,
        peers: Peers | None = None,
        per_step: int | None = None,
    ) -> None:
        for name, number in (("every", every), ("per_step", per_step), ("keep", keep)):
            if number is not None and number < 1:
                raise ArgumentError(f"`{name}` is {number}, and must be 1 or more")
        if evidence is not None and peers is not None:
            raise ArgumentError(
                "`evidence` is where one process keeps it; `peers` keep it themselves"
            )
        self.store = store if isinstance(store, Store) else Store.open(store)
        self.judge = judge
        self.every = every
        self._golds = Golds(gold)
        self.on_unscorable = _checked(on_unscorable)
        self.peers: Peers = Solo(keep, evidence) if peers is None else peers
        self.per_step = per_step
        self.history: deque[GradedStep] = deque(maxlen=_HISTORY)
        self.steps = 0
        self.updates: list[Update] = []
        self._how = Settings(proposer, policy, author)
        self._tip = self.store.pull(rubric)
        self._branch = self.store.resolve(rubric).branch
        if self._branch is None and every is not None:
            raise ArgumentError(
                f"`{rubric}` is no branch, so that nothing can be committed to it",
                hint="name one, as in essay@main, or leave `every` out",
            )
        self._follower = (
            None
            if self._branch is None
            else self.store.follow(f"{self._tip.id}@{self._branch}", since=self._tip)
        )
        self._commits: dict[int, str] = {}
        self._pins: dict[str, PinnedRubric] = {}
        # Deciding may wait for other processes; what else is locked never does.
        self._deciding = threading.RLock()
        self._lock = threading.Lock()
        self._calls = 0
        self._named = 0

    # ---- Which rubric ----

    @property
    def rubric(self) -> str:
        """The rubric's id."""
        return self._tip.id

    @property
    def branch(self) -> str | None:
        """The branch that is followed; None where the rubric stays what it is."""
        return self._branch

    @property
    def follows(self) -> bool:
        """Whether a branch is followed."""
        return self._branch is not None

    def pin(self, step: int) -> PinnedRubric:
        """The rubric that grades a step: the same at every call.

        The first call for a step looks at the branch, after the meta-update if that is due.
        """
        with self._deciding:
            commit = self._commits.get(step)
            if commit is None:
                commit = self.peers.agree(step, lambda since: self._decide(step, since))
            pin = self._pins.get(commit) or self._pull(commit)
            # The pin first: who finds the commit without the lock finds its pin.
            self._pins[commit] = pin
            self._commits[step] = commit
            for kept, most in ((self._pins, _PINS), (self._commits, _STEPS)):
                while len(kept) > most:
                    _drop_first(kept)
            return pin

    def restart(self) -> None:
        """Forgets which commit graded which step: another training begins at its first step."""
        with self._deciding:
            self._commits.clear()

    def _pull(self, commit: str) -> PinnedRubric:
        if commit == self._tip.commit:
            return self._tip
        return self.store.pull(f"{self._tip.id}@{commit}")

    def _decide(self, step: int, since: int) -> str:
        if self.every is not None and since >= self.every:
            self._update(step)
        found = None if self._follower is None else self._follower.next(timeout=0)
        if found is not None:
            logger.info("from step %d on: %s, was %s", step, found.name, self._tip.commit[:12])
            self._tip = found
        return self._tip.commit

    def _update(self, step: int) -> None:
        self.peers.updated(step)
        records = self.peers.records()
        if not records or self._branch is None:
            return
        failed = note(self.store, self._tip, step, records)
        if failed is not None:
            logger.warning("the metrics of %s were not noted: %s", self._tip.name, failed)
        made = update(self.store, self._tip, self._branch, step, records, self._how)
        logger.log(logging.WARNING if made.failed else logging.INFO, "%s", made)
        self.updates.append(made)

    # ---- Grading ----

    def grade(
        self, rollouts: Sequence[Rollout], step: int | None = None, *, evaluation: bool = False
    ) -> Graded:
        """Judges and scores the rollouts of a step, or a part of them.

        Parameters
        ----------
        rollouts : sequence of Rollout
        step : int, optional
            Of the training. If left out, `per_step` rollouts are a step, or every call is.
        evaluation : bool
            Graded as the others are, and neither counted nor kept: nothing of an evaluation is
            evidence, or in the history.

        Returns
        -------
        Graded
            The rewards, and the commit that they are by.

        Raises
        ------
        NotFoundError
            The branch is gone, or the rubric on it.
        UnscorableError
            A rollout has no reward and `on_unscorable` is ``"raise"``.
        ArgumentError
            The judge's answer does not fit the rollouts or the rubric.
        """
        with self._counted(0 if evaluation else len(rollouts), step) as counted:
            named, step = self._named_rollouts(rollouts, counted)
            pin = self.pin(step)
            return self._scored(pin, named, step, ask(self.judge, pin, named), evaluation)

    async def grade_async(
        self, rollouts: Sequence[Rollout], step: int | None = None, *, evaluation: bool = False
    ) -> Graded:
        """`grade`, for trainers that grade many rollouts at once in one event loop."""
        with self._counted(0 if evaluation else len(rollouts), step) as counted:
            named, step = self._named_rollouts(rollouts, counted)
            known = self._pins.get(self._commits.get(step, ""))
            pin = await asyncio.to_thread(self.pin, step) if known is None else known
            judged = await ask_async(self.judge, pin, named)
            return self._scored(pin, named, step, judged, evaluation)

    @contextmanager
    def _counted(self, count: int, step: int | None) -> Iterator[int | None]:
        """The step; rollouts of a call that raises are not counted, since they are asked again."""
        if step is not None or self.per_step is None:
            yield step
            return
        taken = self.peers.take(count)
        try:
            yield taken // self.per_step
        except BaseException:  # One that is cancelled, too.
            self.peers.take(-count)
            raise

    def _named_rollouts(
        self, rollouts: Sequence[Rollout], step: int | None
    ) -> tuple[list[Rollout], int]:
        with self._lock:
            step = self._calls if step is None else step
            self._calls += 1
            head = f"{self.peers.name}-{step}" if self.peers.name else f"{step}"
            named = [
                rollout if rollout.id else replace(rollout, id=f"{head}-{number}")
                for number, rollout in enumerate(rollouts, self._named)
            ]
            self._named += len(named)
            return named, step

    def _scored(
        self,
        pin: PinnedRubric,
        rollouts: list[Rollout],
        step: int,
        judged: Judged,
        evaluation: bool,
    ) -> Graded:
        verdicts = read(pin, judged, len(rollouts))
        score = pin.score_batch(verdicts.values, verdicts.mask)
        graded = Graded(pin, step, rollouts, verdicts, score, self.on_unscorable)
        refused = graded.unscored > 0 and self.on_unscorable == "raise"
        if graded.unscored:
            logger.warning("step %d: %s", step, graded.why())
        if not evaluation:
            # What is refused is asked again. The others may wait for this process in `add`.
            self.peers.add(step, [] if refused else self._records(graded, verdicts))
        if refused:
            graded.refuse()
        if not evaluation:
            self._note(graded.summary())
        return graded

    def _note(self, made: GradedStep) -> None:
        with self._lock:
            last = self.history[-1] if self.history else None
            if last is not None and (last.step, last.commit) == (made.step, made.commit):
                self.history[-1] = merged(last, made)
            else:
                self.history.append(made)
                self.steps += 1

    def _records(self, graded: Graded, verdicts: Verdicts) -> list[dict[str, Any]]:
        model = getattr(self.judge, "model", None)
        rewards = graded.score.rewards.tolist()
        ok = graded.score.ok.tolist()
        golds = self._golds.of(graded.rollouts)
        return [
            record(
                rollout,
                graded.step,
                graded.pin,
                verdicts.wire(row),
                rewards[row] if ok[row] else None,
                gold,
                model if isinstance(model, str) else None,
            )
            for row, (rollout, gold) in enumerate(zip(graded.rollouts, golds))
        ]

    @property
    def gold(self) -> Gold | None:
        """Where gold scores come from."""
        return self._golds.source

    # ---- Ending ----

    def close(self) -> None:
        """Stops following; the store stays open."""
        if self._follower is not None:
            self._follower.close()

    def __repr__(self) -> str:
        at = self._branch or self._tip.commit[:12]
        return f"<{type(self).__name__} {self._tip.id}@{at}, {len(self.history)} steps graded>"


def _drop_first(kept: dict[Any, Any]) -> None:
    del kept[next(iter(kept))]


def _checked(unscorable: str | float) -> str | float:
    if isinstance(unscorable, str):
        if unscorable in ("none", "raise"):
            return unscorable
    elif math.isfinite(unscorable):
        return float(unscorable)
    raise ArgumentError(
        f'`on_unscorable` is {unscorable!r}, and "none", "raise" or a number is wanted'
    )
