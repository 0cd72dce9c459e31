"""What grading came to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import UnscorableError

if TYPE_CHECKING:
    import numpy
    import numpy.typing

    from ..batch import BatchScore
    from ..pin import PinnedRubric
    from .rollout import Rollout
    from .verdicts import Verdicts

__all__ = ["Graded", "GradedStep"]


@dataclass(frozen=True)
class GradedStep:
    """Which commit graded a step.

    Attributes
    ----------
    step : int
    commit : str
        The full hash of the rubric's commit.
    rollouts, scored : int
        How many were graded by this process, and how many of them have a reward.
    total : float
        The sum of their rewards.
    """

    step: int
    commit: str
    rollouts: int
    scored: int
    total: float

    @property
    def mean(self) -> float | None:
        """The mean reward of those that have one."""
        return self.total / self.scored if self.scored else None

    def __str__(self) -> str:
        mean = "none" if self.mean is None else f"{self.mean:.4g}"
        return f"step {self.step}: {self.commit[:12]}, {self.rollouts} rollouts, mean reward {mean}"


class Graded:
    """Rollouts with their rewards, all by one commit.

    Attributes
    ----------
    pin : PinnedRubric
        The rubric that they were judged and scored by.
    step : int
    rollouts : sequence of Rollout
    rewards : list of float or None
        What the trainer gets; None for a rollout without a reward, unless a number stands for
        those.
    verdicts : float64[rollouts, criteria]
        With the pin's columns; NaN where there is no value.
    score : BatchScore
        The rewards as the rubric has them (NaN where there is none), and the reasons.
    """

    verdicts: numpy.typing.NDArray[numpy.float64]

    def __init__(
        self,
        pin: PinnedRubric,
        step: int,
        rollouts: Sequence[Rollout],
        verdicts: Verdicts,
        score: BatchScore,
        unscorable: str | float,
    ) -> None:
        self.pin = pin
        self.step = step
        self.rollouts = rollouts
        self.verdicts = verdicts.values
        self.score = score
        self._verdicts = verdicts
        self.rewards: list[float | None] = [
            _stand_in(unscorable) if reason else reward
            for reward, reason in zip(score.rewards.tolist(), score.reasons.tolist())
        ]

    @property
    def commit(self) -> str:
        """The full hash of the rubric's commit."""
        return self.pin.commit

    @property
    def unscored(self) -> int:
        """How many rollouts have no reward by the rubric."""
        return len(self.rollouts) - int(self.score.ok.sum())

    def stamp(self, row: int) -> dict[str, Any]:
        """What goes with a rollout's reward into a log; `Store.verify_stamp` scores it again.

        The reward is the rubric's own: None where there is none.
        """
        reward = float(self.score.rewards[row]) if self.score.ok[row] else None
        return {**self.pin.stamp(), "verdicts": self._verdicts.wire(row), "reward": reward}

    def why(self) -> str:
        """Why some rollouts have no reward, in one sentence."""
        counts = self.score.counts()
        counts.pop("scored", None)
        found = ", ".join(f"{name} {count}" for name, count in counts.items())
        return f"{self.unscored} of {len(self.rollouts)} rollouts have no reward: {found}"

    def refuse(self) -> None:
        """Raises `UnscorableError` if a rollout has no reward."""
        if self.unscored:
            first = next(i for i in range(len(self.rollouts)) if self.score.reason(i))
            raise UnscorableError(
                f"{self.why()}; the first is `{self.rollouts[first].id}` at step {self.step}",
                hint="let the judge answer, say in the rubric what a missing verdict counts, or "
                "say in `on_unscorable` what the trainer is to get",
            )

    def means(self) -> dict[str, float]:
        """The mean verdict of each criterion that has any, by id."""
        means: dict[str, float] = {}
        for id, column in zip(self.pin.column_ids, self.verdicts.T):
            values = column[column == column]
            if len(values):
                means[id] = float(values.mean())
        return means

    def summary(self) -> GradedStep:
        """What goes into the history."""
        scored = self.score.ok
        return GradedStep(
            self.step,
            self.commit,
            len(self.rollouts),
            int(scored.sum()),
            float(self.score.rewards[scored].sum()),
        )

    def __len__(self) -> int:
        return len(self.rollouts)

    def __repr__(self) -> str:
        return f"<Graded {self.summary()}>"


def _stand_in(unscorable: str | float) -> float | None:
    return None if isinstance(unscorable, str) else float(unscorable)


def merged(a: GradedStep, b: GradedStep) -> GradedStep:
    """Two parts of one step as one."""
    return GradedStep(
        a.step, a.commit, a.rollouts + b.rollouts, a.scored + b.scored, a.total + b.total
    )


def record(
    rollout: Rollout,
    step: int,
    pin: PinnedRubric,
    verdicts: dict[str, Any],
    reward: float | None,
    gold: float | None,
    model: str | None,
) -> dict[str, Any]:
    """A graded rollout as a record of evidence (SPEC.md 13)."""
    made: dict[str, Any] = {
        "rollout": clean(rollout.id),
        "prompt": clean(rollout.prompt_text),
        "response": clean(rollout.text),
        "rubric": pin.name,
        "verdicts": {id: _clean_verdict(verdict) for id, verdict in verdicts.items()},
        "step": step,
    }
    if reward is not None:
        made["reward"] = reward
    if gold is not None:
        made["gold"] = gold
    if model:
        made["judge"] = {"model": clean(model)}
    return made


# What no text of evidence may hold (SPEC.md 2.1), and half a surrogate pair. A policy writes
# anything.
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """A text as evidence takes it: characters that it refuses become U+FFFD."""
    return _REFUSED.sub("\ufffd", text)


def _clean_verdict(verdict: Any) -> Any:
    if isinstance(verdict, dict):
        return {
            key: clean(value) if isinstance(value, str) else value for key, value in verdict.items()
        }
    return verdict
