"""Rubrics as rewards of TRL's `GRPOTrainer` (TRL 1.16).

>>> from rubricstore.trl import RubricReward
>>> reward = RubricReward("runs", "essay@exp-a", judge, every=20)                 # doctest: +SKIP
>>> trainer = GRPOTrainer(model, reward_funcs=reward, args=config,                # doctest: +SKIP
...                       train_dataset=dataset, callbacks=[reward.callback()])

The branch is followed between steps, and every `every` steps the graded rollouts go to the
meta-editor. Of several processes (`accelerate launch`) the first decides, and the others hear of it
by `torch.distributed`: a step is graded by one commit in all of them.

What `evaluate()` asks for is graded by the commit of the step that it comes at, and is no evidence.

What is logged: ``rubric/<criterion>``, the mean verdicts; ``rubric/unscored``, the share of
rollouts without a reward; ``rubric/version``, which counts the commits that were used, from 0. The
column ``rubric_commit`` of the completions names the commit of each, and the callback writes it
into the log history of the trainer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from . import reward as core
from .errors import RubricStoreError
from .reward import Graded, Rollout, Solo

if TYPE_CHECKING:
    import os

    from .store import Store

__all__ = ["Ranks", "RubricReward"]


class RubricReward(core.RubricReward):
    """An entry of `reward_funcs`.

    Parameters
    ----------
    store, rubric, judge
        As in `rubricstore.reward.RubricReward`, which says what other keywords there are. The
        columns of the data set are in `Rollout.extra`.
    name : str, optional
        What TRL logs the reward as, ``rewards/<name>/mean``; the rubric's id if left out.

    Notes
    -----
    A rollout without a reward is None, which TRL leaves out of the group's mean, and which moves
    the policy nowhere unless another reward function has a number for it.
    """

    __name__: str

    def __init__(
        self,
        store: Store | str | os.PathLike[str],
        rubric: str,
        judge: core.Judge,
        *,
        name: str | None = None,
        **options: Any,
    ) -> None:
        if options.get("peers") is None:
            options["peers"] = Ranks(options.get("keep", 4096), options.pop("evidence", None))
        super().__init__(store, rubric, judge, **options)
        self.__name__ = name or self.rubric
        self._versions: dict[str, int] = {}
        self._last = -1

    def __call__(
        self,
        prompts: Sequence[Any],
        completions: Sequence[Any],
        *,
        completion_ids: Any = None,
        trainer_state: Any = None,
        log_extra: Callable[[str, list[Any]], None] | None = None,
        log_metric: Callable[[str, float], None] | None = None,
        **columns: Any,
    ) -> list[float | None]:
        """The rewards of a batch, as TRL asks for them."""
        step = None if trainer_state is None else int(trainer_state.global_step)
        if step is not None:
            if step < self._last:  # Another `train()`: its steps count anew.
                self.restart()
            self._last = step
        rollouts = _rollouts(prompts, completions, columns)
        graded = self.grade(rollouts, step, evaluation=_evaluates(log_metric))
        if log_extra is not None:
            log_extra("rubric_commit", [graded.commit[:12]] * len(graded))
        if log_metric is not None:
            for metric, value in self._metrics(graded).items():
                log_metric(metric, value)
        return graded.rewards

    def _metrics(self, graded: Graded) -> dict[str, float]:
        version = self._versions.setdefault(graded.commit, len(self._versions))
        metrics = {f"rubric/{id}": mean for id, mean in graded.means().items()}
        metrics["rubric/version"] = float(version)
        if len(graded):
            metrics["rubric/unscored"] = graded.unscored / len(graded)
        return metrics

    def callback(self) -> Any:
        """A `TrainerCallback` that writes into the log history which commit graded what.

        ``rubric_commit`` is the full hash and ``rubric_step`` the step whose rollouts it graded;
        where an entry is about several steps they are the last, and ``rubric_commits`` has all.
        """
        from transformers import TrainerCallback

        reward = self

        class RubricCallback(TrainerCallback):  # type: ignore[misc, unused-ignore]
            """Writes down which commit graded which step."""

            def __init__(self) -> None:
                self.told = reward.steps

            def on_log(self, args: Any, state: Any, control: Any, **others: Any) -> None:
                count = min(reward.steps - self.told, len(reward.history))
                if not count or not state.log_history:
                    return
                self.told = reward.steps
                new = list(reward.history)[-count:]
                entry = state.log_history[-1]
                entry["rubric_commit"] = new[-1].commit
                entry["rubric_step"] = new[-1].step
                commits = list(dict.fromkeys(step.commit for step in new))
                if len(commits) > 1:
                    entry["rubric_commits"] = commits

        return RubricCallback()


class Ranks(Solo):
    """The processes of `torch.distributed`: the first decides, keeps the evidence and meta-updates.

    Without them, it is one process for itself.
    """

    @property
    def name(self) -> str:
        distributed = _distributed()
        return "" if distributed is None else f"rank{distributed.get_rank()}"

    def agree(self, step: int, decide: Callable[[int], str]) -> str:
        distributed = _distributed()
        if distributed is None:
            return super().agree(step, decide)
        # The others wait for an answer: a failure is one.
        answer: list[Any] = [None, None]
        if distributed.get_rank() == 0:
            try:
                answer[0] = super().agree(step, decide)
            except RubricStoreError as error:
                answer[1] = error
            except Exception as error:  # It may be one that cannot be sent.
                answer[1] = RubricStoreError(f"rank 0 failed: {type(error).__name__}: {error}")
        distributed.broadcast_object_list(answer, src=0)
        if answer[1] is not None:
            raise answer[1]
        commit: str = answer[0]
        return commit

    def add(self, step: int, records: Sequence[dict[str, Any]]) -> None:
        distributed = _distributed()
        if distributed is None:
            return super().add(step, records)
        first = distributed.get_rank() == 0
        gathered: list[Any] | None = [None] * distributed.get_world_size() if first else None
        distributed.gather_object(list(records), gathered, dst=0)
        for part in gathered or []:
            super().add(step, part)

    def take(self, count: int) -> int:
        if _distributed() is not None:
            raise RubricStoreError(
                "several processes cannot count their rollouts", hint="name the step in `grade`"
            )
        return super().take(count)


def _evaluates(log_metric: Any) -> bool:
    """Whether the trainer is evaluating: `log_metric` is its method, and nothing else tells."""
    model = getattr(getattr(log_metric, "__self__", None), "model", None)
    return getattr(model, "training", None) is False


def _distributed() -> Any:
    """`torch.distributed` where there are several processes, else None."""
    import sys

    torch = sys.modules.get("torch")  # Who has not imported it has no process group.
    distributed = None if torch is None else torch.distributed
    if distributed is None or not distributed.is_available() or not distributed.is_initialized():
        return None
    return distributed if distributed.get_world_size() > 1 else None


def _rollouts(
    prompts: Sequence[Any], completions: Sequence[Any], columns: dict[str, Any]
) -> list[Rollout]:
    """One rollout for each completion, with its row of the data set."""
    lists = {
        name: values
        for name, values in columns.items()
        if isinstance(values, (list, tuple)) and len(values) == len(prompts)
    }
    return [
        Rollout(prompt, completion, extra={name: values[row] for name, values in lists.items()})
        for row, (prompt, completion) in enumerate(zip(prompts, completions))
    ]
