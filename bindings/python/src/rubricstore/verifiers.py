"""Rubrics for verifiers (verifiers 0.4): the file of its `RubricJudge`, and a reward function.

`rubric_reward` makes a reward that is plugged into a task, with any rubric and any judge; the
library scores. In a file ``rewards.py``:

>>> from rubricstore.verifiers import rubric_reward
>>> essay = rubric_reward("runs", "essay@3f9c2ab", judge)                         # doctest: +SKIP

.. code-block:: text

   uv run vf-eval my-env --env.taskset.task.rewards.essay.fn rewards.py:essay

`write_judge` writes a rubric as the file that verifiers' own judge reads. That judge knows less: a
rubric that it would score otherwise is refused, with the criterion and the reason.

>>> from rubricstore.verifiers import write_judge
>>> judge = write_judge(store.pull("essay@3f9c2ab"), "essay.json")                # doctest: +SKIP
>>> judge.config, judge.notes                                                     # doctest: +SKIP
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .errors import ArgumentError
from .reward import Judge, Rollout
from .reward.named import configured

if TYPE_CHECKING:
    from .document import Criterion, Rubric, Scale
    from .pin import PinnedRubric
    from .store import Store

__all__ = ["JudgeFile", "judge_criteria", "rubric_reward", "write_judge"]

_MOST_CHOICES = 101
# What the template of verifiers fills in.
_PLACEHOLDERS = ("{question}", "{response}", "{criteria}", "{reference}")


def rubric_reward(
    store: Store | str | os.PathLike[str],
    rubric: str,
    judge: Judge | str,
    *,
    run: str | os.PathLike[str] | None = None,
    view: str = "last_reply",
    on_unscorable: str | float = "raise",
    **options: Any,
) -> Callable[..., Coroutine[Any, Any, float]]:
    """Makes a reward of a task.

    Parameters
    ----------
    store, rubric, judge
        As in `rubricstore.reward.RubricReward`, which has the other keywords too. The judge may be
        named, ``file.py:name``; the task's data and the trace are in `Rollout.extra`.
    run : path, optional
        The folder in which several processes agree (`rubricstore.reward.RunFolder`).
    view : {"last_reply", "full_trace"}
        What of the trace the judge reads, as in `RubricJudge`.
    on_unscorable : {"raise"} or float
        A failed judgement is an error of the rollout, as with `RubricJudge`; a number stands for
        the reward instead.

    Returns
    -------
    async callable
        It takes ``task`` and ``trace``. The verdicts become metrics, ``<rubric>/<criterion>``, and
        ``trace.info["rubric"]`` has the reward's stamp.

    Notes
    -----
    verifiers does not say which step of a training it is. To follow a branch, say with ``per_step``
    how many rollouts are a step.
    """
    if view not in ("last_reply", "full_trace"):
        raise ArgumentError(f"`view` is {view!r}, and last_reply or full_trace is wanted")
    reward = configured("verifiers", store, rubric, judge, run, on_unscorable, options)
    if reward.follows and reward.per_step is None:
        raise ArgumentError(
            f"`{rubric}` is a branch, and verifiers does not say which step it is",
            hint="name a full hash, or say with `per_step` how many rollouts are a step",
        )

    async def rubric_score(task: Any, trace: Any) -> float:
        text = trace.transcript if view == "full_trace" else trace.last_reply
        rollout = Rollout(task.prompt_text, text, id=trace.id, extra={"task": task, "trace": trace})
        graded = await reward.grade_async([rollout])
        for criterion, verdict in graded.means().items():
            trace.record_metric(f"{graded.pin.id}/{criterion}", verdict)
        trace.info["rubric"] = graded.stamp(0)
        value = graded.rewards[0]
        assert value is not None  # "none" was refused.
        return value

    rubric_score.reward = reward  # type: ignore[attr-defined]
    return rubric_score


@dataclass(frozen=True)
class JudgeFile:
    """A rubric as verifiers' `RubricJudge` reads it.

    Attributes
    ----------
    path : str
        The file.
    config : dict
        An entry of ``task.judges``: ``{"id": "rubric", "name", "path", …}``.
    notes : tuple of str
        What that judge does otherwise than the rubric says, though not to the reward.
    """

    path: str
    config: dict[str, Any]
    notes: tuple[str, ...]


def write_judge(pin: PinnedRubric, path: str | os.PathLike[str]) -> JudgeFile:
    """Writes a rubric as the file that verifiers' `RubricJudge` reads.

    Parameters
    ----------
    pin : PinnedRubric
    path : path
        Where to: ``.json`` or ``.toml``. Where the rubric has a preamble or a postamble, the
        judge's template with them goes beside it, as ``<path>.txt``; that needs verifiers.

    Returns
    -------
    JudgeFile

    Raises
    ------
    ArgumentError
        `RubricJudge` would score it otherwise.
    """
    place = os.fspath(path)
    suffix = os.path.splitext(place)[1].lower()
    if suffix not in (".json", ".toml"):
        raise ArgumentError(f"{place} ends in {suffix!r}, and RubricJudge reads .json and .toml")
    criteria, notes = judge_criteria(pin)
    config: dict[str, Any] = {"id": "rubric", "name": pin.id, "path": place}
    if pin.mode == "per_criterion":
        config["max_criteria"] = 1
    template = _template(pin.rubric)
    if template is not None:
        config["prompt"] = f"{place}.txt"
        with open(config["prompt"], "w", encoding="utf-8") as file:
            file.write(template)
    document = {"rubric": pin.name, "criteria": criteria}
    with open(place, "w", encoding="utf-8") as file:
        file.write(_toml(document) if suffix == ".toml" else _json(document))
    return JudgeFile(place, config, tuple(notes))


def judge_criteria(pin: PinnedRubric) -> tuple[list[dict[str, Any]], list[str]]:
    """The criteria as `RubricJudge` has them, and what it does otherwise.

    Each is ``{"name", "text", "weight", "choices"}``. Choices go from worst to best, evenly; groups
    become the shares of their criteria, what only is reported has the weight 0, and where avoiding
    a fault earns (``credit: avoidance``) the choices are turned round.
    """
    rubric = pin.rubric
    _refuse_rubric(pin.id, rubric)
    shares = rubric.shares() if any(one.criteria for one in rubric) else None
    criteria: list[dict[str, Any]] = []
    notes: list[str] = []
    for one in _judged(rubric.criteria):
        _refuse_criterion(one)
        weight = one.weight if shares is None else shares.get(one.id, 0.0)
        choices = _choices(one)
        criteria.append(
            {
                "name": one.id,
                "text": _text(one, choices),
                "weight": 0.0 if one.status == "diagnostic" else float(weight),
                "choices": choices[::-1] if one.polarity == "negative" else choices,
            }
        )
        if one.status == "diagnostic":
            notes.append(
                f"`{one.id}` is diagnostic: where the judge leaves it out, RubricJudge fails the "
                "rollout"
            )
    missing = rubric.aggregation.missing
    if missing != "error":
        notes.append(
            f"a missing verdict is `{missing}` in the rubric; RubricJudge fails the rollout"
        )
    return criteria, notes


def _judged(criteria: tuple[Criterion, ...]) -> Iterator[Criterion]:
    for one in criteria:
        if one.status == "inactive":
            continue
        if not one.criteria:
            yield one
        elif one.rollup == "weighted_mean":
            yield from _judged(one.criteria)
        else:
            raise _refusal(
                f"the group `{one.id}`", f"takes the {one.rollup} of its criteria", one.id
            )


def _refusal(what: str, why: str, criterion: str | None = None) -> ArgumentError:
    return ArgumentError(
        f"{what} {why}, and RubricJudge only has a weighted mean of choices from worst to best",
        hint="use rubricstore.verifiers.rubric_reward, which scores any rubric",
        criterion=criterion,
    )


def _refuse_rubric(id: str, rubric: Rubric) -> None:
    what = f"`{id}`"
    if rubric.judge.mode not in ("per_criterion", "one_call"):
        raise _refusal(what, f"is judged as `{rubric.judge.mode}`")
    if rubric.aggregation.method == "sum":
        raise _refusal(what, "sums its criteria up")
    clip = rubric.aggregation.clip
    if clip is not None and (clip[0] > 0 or clip[1] < 1):
        raise _refusal(what, f"clips its reward to {list(clip)}")
    for text in (rubric.preamble, rubric.postamble):
        for placeholder in _PLACEHOLDERS:
            if placeholder in text:
                raise _refusal(what, f"has {placeholder} in the words around its criteria")


def _refuse_criterion(one: Criterion) -> None:
    what = f"`{one.id}`"
    if one.gate is not None:
        raise _refusal(what, "has a gate", one.id)
    if one.applies_when:
        raise _refusal(what, "does not apply to every rollout", one.id)
    if one.polarity == "negative" and one.credit == "penalty":
        raise _refusal(what, "is a penalty, which lowers the reward", one.id)


def _choices(one: Criterion) -> list[str]:
    """The verdicts in words, the lowest first."""
    scale = one.scale
    if scale.kind == "binary":
        return ["no", "yes"]
    values = _values(one, scale)
    steps = [b - a for a, b in zip(values, values[1:])]
    if max(steps) - min(steps) > 1e-9 * (values[-1] - values[0]):
        raise _refusal(f"`{one.id}`", f"has levels that are not evenly apart, {values}", one.id)
    labels = {level.value: level.label.strip() for level in scale.levels}
    names = [labels.get(value, "") for value in values]
    # Choices stand in one line, with commas between them.
    if all(names) and len(set(names)) == len(names) and not any("," in name for name in names):
        return names
    return [_number(value) for value in values]


def _values(one: Criterion, scale: Scale) -> list[float]:
    if scale.kind == "levels":
        return sorted(level.value for level in scale.levels)
    if scale.step is None:
        raise _refusal(f"`{one.id}`", f"takes any number from {scale.min} to {scale.max}", one.id)
    count = round((scale.max - scale.min) / scale.step) + 1
    if count > _MOST_CHOICES:
        raise _refusal(f"`{one.id}`", f"has {count} verdicts", one.id)
    return [scale.min + number * scale.step for number in range(count)]


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(round(value, 9))


def _text(one: Criterion, choices: list[str]) -> str:
    """What the judge reads of a criterion."""
    parts = [text for text in (one.title, one.text) if text.strip()]
    if one.scale.levels:
        values = _values(one, one.scale)
        for level in one.scale.levels:
            name = choices[min(range(len(values)), key=lambda i: abs(values[i] - level.value))]
            parts.append("\n".join([f"{name}: {level.text}".strip(), *level.examples]))
    if one.lower_when:
        parts.append("\n".join(["Score lower when:", *(f"- {why}" for why in one.lower_when)]))
    return "\n".join(parts)


def _template(rubric: Rubric) -> str | None:
    """verifiers' template with the words around the criteria, where there are any."""
    if not rubric.preamble.strip() and not rubric.postamble.strip():
        return None
    try:
        from verifiers.v1.judges.rubric import RUBRIC_PROMPT
    except ImportError as error:
        raise ImportError(
            "the rubric has words around its criteria, which go into verifiers' template, and "
            "verifiers is not installed"
        ) from error
    around = [rubric.preamble.strip(), "{criteria}", rubric.postamble.strip()]
    template: str = RUBRIC_PROMPT
    return template.replace("{criteria}", "\n\n".join(text for text in around if text))


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _toml(document: dict[str, Any]) -> str:
    lines = [f"rubric = {_quoted(document['rubric'])}"]
    for one in document["criteria"]:
        lines += ["", "[[criteria]]"]
        lines += [f"{key} = {_quoted(one[key])}" for key in ("name", "text", "weight", "choices")]
    return "\n".join(lines) + "\n"


def _quoted(value: Any) -> str:
    # Texts, lists of texts and numbers in JSON are TOML, but for one character.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
