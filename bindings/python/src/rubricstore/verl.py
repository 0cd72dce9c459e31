"""Rubrics as rewards of verl (verl 0.9): a custom reward function, and a reward manager.

Without any code of one's own but the judge:

.. code-block:: text

   reward.custom_reward_function.path=pkg://rubricstore.verl
   reward.custom_reward_function.name=compute_score
   +reward.custom_reward_function.reward_kwargs.store=/runs/rubrics
   +reward.custom_reward_function.reward_kwargs.rubric=essay@exp-a
   +reward.custom_reward_function.reward_kwargs.judge=/runs/judging.py:judge
   +reward.custom_reward_function.reward_kwargs.run=/runs/exp-a
   +reward.custom_reward_function.reward_kwargs.every=20
   reward.reward_manager.source=importlib
   reward.reward_manager.module.path=pkg://rubricstore.verl
   reward.reward_manager.name=RubricRewardManager

verl asks for one rollout at a time, in several processes. ``run`` is a folder in which they agree
on the commit of each step (`rubricstore.reward.RunFolder`); without it only a rubric that is named
by its hash can be used. `RubricRewardManager` tells the step and the prompt, which verl's own
managers keep from a reward function; with those, ``per_step`` says how many rollouts are a step.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .errors import ArgumentError
from .reward import Judge, Rollout, RubricReward
from .reward.named import configured

if TYPE_CHECKING:
    import os

    from .store import Store

    RubricRewardManager: Any

__all__ = ["RubricRewardManager", "compute_score", "compute_score_batch", "rubric_score"]

# Where `RubricRewardManager` puts what it knows, among the data's own.
STEP = "rubric_step"
PROMPT = "rubric_prompt"


def rubric_score(
    store: Store | str | os.PathLike[str],
    rubric: str,
    judge: Judge | str,
    *,
    run: str | os.PathLike[str] | None = None,
    on_unscorable: str | float = "raise",
    **options: Any,
) -> Callable[..., Any]:
    """Makes the ``compute_score`` of a file that ``custom_reward_function.path`` names.

    Parameters
    ----------
    store, rubric, judge
        As in `rubricstore.reward.RubricReward`, which has the other keywords too. The judge,
        ``gold`` and ``proposer`` may be named: ``file.py:name`` or ``module:name``.
    run : path, optional
        The folder in which verl's processes agree. Wanted where a branch is followed.
    on_unscorable : {"raise"} or float
        verl takes numbers only. It drops the prompt whose rollout raises; a number stands for the
        reward instead.

    Returns
    -------
    async callable
        It answers ``{"score", "rubric_commit", "rubric_step"}``, which verl keeps with each
        rollout.
    """
    reward = _reward(store, rubric, judge, run, on_unscorable, options)

    async def compute_score(
        data_source: Any,
        solution_str: str,
        ground_truth: Any,
        extra_info: Mapping[str, Any] | None = None,
        **others: Any,
    ) -> dict[str, Any]:
        rollout, step = _rollout(data_source, solution_str, ground_truth, extra_info)
        graded = await reward.grade_async([rollout], _known(reward, step))
        return _answer(graded.rewards[0], graded.commit, graded.step)

    compute_score.reward = reward  # type: ignore[attr-defined]
    return compute_score


async def compute_score(
    data_source: Any,
    solution_str: str,
    ground_truth: Any,
    extra_info: Mapping[str, Any] | None = None,
    *,
    store: str,
    rubric: str,
    judge: str,
    **options: Any,
) -> dict[str, Any]:
    """The reward of one rollout, for ``custom_reward_function.path=pkg://rubricstore.verl``.

    ``reward_kwargs`` are the parameters of `rubric_score`.
    """
    reward = _shared(store, rubric, judge, options)
    rollout, step = _rollout(data_source, solution_str, ground_truth, extra_info)
    graded = await reward.grade_async([rollout], _known(reward, step))
    return _answer(graded.rewards[0], graded.commit, graded.step)


def compute_score_batch(
    data_sources: Sequence[Any],
    solution_strs: Sequence[str],
    ground_truths: Sequence[Any],
    extra_infos: Sequence[Mapping[str, Any] | None],
    *,
    store: str,
    rubric: str,
    judge: str,
    **options: Any,
) -> list[dict[str, Any]]:
    """The rewards of a batch, for the reward manager ``batch`` of `verl.workers.reward_manager`.

    The parameters besides are those of `rubric_score`.
    """
    reward = _shared(store, rubric, judge, options)
    rows = [_rollout(*row) for row in zip(data_sources, solution_strs, ground_truths, extra_infos)]
    steps = {step for _, step in rows}
    if len(steps) > 1:
        raise ArgumentError(f"a batch is of one step, and this one is of {sorted(map(str, steps))}")
    step = steps.pop() if steps else None
    graded = reward.grade([rollout for rollout, _ in rows], _known(reward, step))
    return [_answer(value, graded.commit, graded.step) for value in graded.rewards]


_rewards: dict[Any, RubricReward] = {}
_lock = threading.Lock()


def _shared(store: str, rubric: str, judge: str, options: dict[str, Any]) -> RubricReward:
    """One reward a process for the same configuration."""
    key = (store, rubric, judge, repr(sorted(options.items())))
    reward = _rewards.get(key)
    if reward is None:
        with _lock:
            reward = _rewards.get(key)
            if reward is None:
                others = dict(options)
                run = others.pop("run", None)
                unscorable = others.pop("on_unscorable", "raise")
                reward = _reward(store, rubric, judge, run, unscorable, others)
                _rewards[key] = reward
    return reward


def _reward(
    store: Any,
    rubric: str,
    judge: Any,
    run: Any,
    on_unscorable: str | float,
    options: dict[str, Any],
) -> RubricReward:
    reward = configured("verl", store, rubric, judge, run, on_unscorable, options)
    if reward.follows and run is None:
        raise ArgumentError(
            f"`{rubric}` is a branch, and verl grades in several processes",
            hint="name a folder in which they agree on each step's commit, `run`, or a full hash",
        )
    return reward


def _rollout(
    source: Any, solution: str, truth: Any, info: Mapping[str, Any] | None
) -> tuple[Rollout, int | None]:
    extra = dict(info or {})
    step = extra.get(STEP)
    prompt = next((extra[key] for key in (PROMPT, "prompt", "question") if extra.get(key)), "")
    extra.update(data_source=source, ground_truth=truth)
    return Rollout(prompt, solution, extra=extra), None if step is None else int(step)


def _known(reward: RubricReward, step: int | None) -> int | None:
    if step is None and reward.follows and reward.per_step is None:
        raise ArgumentError(
            "verl did not tell the step, so that it is not known which commit grades it",
            hint="use the reward manager `RubricRewardManager` of pkg://rubricstore.verl, or say "
            "with `per_step` how many rollouts are a step",
        )
    return step


def _answer(reward: float | None, commit: str, step: int) -> dict[str, Any]:
    assert reward is not None  # "none" was refused.
    return {"score": reward, "rubric_commit": commit, "rubric_step": step}


def _manager() -> Any:
    import numpy
    from verl.experimental.reward_loop.reward_manager.naive import NaiveRewardManager

    class RubricRewardManager(NaiveRewardManager):  # type: ignore[misc, unused-ignore]
        """verl's `naive` manager, which tells the reward function the step and the prompt too."""

        async def run_single(self, data: Any) -> Any:
            """Grades one rollout."""
            data = data[-1:]
            known = data[0].non_tensor_batch
            extra = dict(known.get("extra_info") or {})
            if known.get("global_steps") is not None:
                extra[STEP] = int(known["global_steps"])
            elif data.meta_info.get("global_steps") is not None:
                extra[STEP] = int(data.meta_info["global_steps"])
            if known.get("raw_prompt") is not None:
                prompt = known["raw_prompt"]
                extra[PROMPT] = prompt if isinstance(prompt, str) else list(prompt)
            row = numpy.empty(1, dtype=object)
            row[0] = extra
            data.non_tensor_batch["extra_info"] = row
            return await super().run_single(data)

    return RubricRewardManager


def __getattr__(name: str) -> Any:
    # Made when it is asked for: only this one needs verl.
    if name == "RubricRewardManager":
        with _lock:
            if name not in globals():
                globals()[name] = _manager()
        return globals()[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
