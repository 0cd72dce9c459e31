"""Rubrics for verifiers: the file of its judge, what is refused, and its own scoring."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from run_example import run

from rubricstore import ArgumentError, Failed, PinnedRubric, Store, UnscorableError
from rubricstore.reward import Rollout
from rubricstore.verifiers import judge_criteria, rubric_reward, write_judge

PLAIN = """\
schema: rubric/1
id: answer
{rubric}
criteria:
  - id: question
    text: Is the question answered?
    weight: 2
{criteria}
"""


def pinned(tmp_path: Path, criteria: str = "", rubric: str = "") -> PinnedRubric:
    store = Store.create(tmp_path / "store")
    body = "".join(f"  {line}\n" for line in criteria.strip("\n").splitlines())
    store.add(PLAIN.format(rubric=rubric, criteria=body), because="where it starts")
    return store.pull("answer@main")


def by_rank(criteria: list[dict[str, Any]], answers: dict[str, str]) -> float:
    """RubricJudge's own formula: the place among the choices, weighted."""
    total: float = 0
    for one in criteria:
        choices = one["choices"]
        total += one["weight"] * choices.index(answers[one["name"]]) / (len(choices) - 1)
    return total / sum(float(one["weight"]) for one in criteria)


def test_scales_become_choices(tmp_path: Path) -> None:
    pin = pinned(
        tmp_path,
        """
- {id: steps, text: a, weight: 3, scale: {numeric: {min: -1, max: 1, step: 0.5}}}
- id: labels
  text: b
  scale:
    levels:
      - {value: 2, label: good, text: It is good., examples: [like this]}
      - {value: 0, label: bad, text: It is bad.}
  lower_when: [It is short.]
- {id: avoided, text: c, polarity: negative, credit: avoidance}
- {id: told, text: d, status: diagnostic}
- {id: off, text: e, status: inactive}
""",
        "aggregation: {missing: exclude}",
    )
    criteria, notes = judge_criteria(pin)
    assert [(one["name"], one["weight"], one["choices"]) for one in criteria] == [
        ("question", 2.0, ["no", "yes"]),
        ("steps", 3.0, ["-1", "-0.5", "0", "0.5", "1"]),
        ("labels", 1.0, ["bad", "good"]),
        ("avoided", 1.0, ["yes", "no"]),
        ("told", 0.0, ["no", "yes"]),
    ]
    text = criteria[2]["text"]
    assert "good: It is good.\nlike this" in text and text.endswith(
        "Score lower when:\n- It is short."
    )
    assert len(notes) == 2 and "told" in notes[0] and "exclude" in notes[1]
    for verdicts, answers in (
        (
            {"question": 1, "steps": 0.5, "labels": 0, "avoided": 0, "told": 1},
            {"question": "yes", "steps": "0.5", "labels": "bad", "avoided": "no", "told": "yes"},
        ),
        (
            {"question": 0, "steps": -1, "labels": 2, "avoided": 1, "told": 0},
            {"question": "no", "steps": "-1", "labels": "good", "avoided": "yes", "told": "no"},
        ),
    ):
        assert pin.score(verdicts).reward == pytest.approx(by_rank(criteria, answers), abs=1e-12)


def test_groups_become_shares(tmp_path: Path) -> None:
    pin = pinned(
        tmp_path,
        """
- id: style
  weight: 3
  criteria:
    - {id: words, text: a, weight: 5}
    - id: sound
      criteria:
        - {id: rhythm, text: b}
        - {id: tone, text: c, weight: 2}
        - {id: off, text: d, status: inactive}
""",
    )
    criteria, _ = judge_criteria(pin)
    answers = {"question": "yes", "words": "yes", "rhythm": "no", "tone": "yes"}
    verdicts = {name: int(answer == "yes") for name, answer in answers.items()}
    assert pin.score(verdicts).reward == pytest.approx(by_rank(criteria, answers), abs=1e-12)


@pytest.mark.parametrize(
    ("criteria", "rubric", "words"),
    [
        ("- {id: x, text: a, polarity: negative}", "", "`x` is a penalty"),
        ("- {id: x, text: a, gate: {min: 1, effect: veto}}", "", "`x` has a gate"),
        ("- {id: x, text: a, applies_when: sometimes}", "", "`x` does not apply"),
        ("- {id: x, text: a, scale: {numeric: {min: 0, max: 1}}}", "", "any number from 0"),
        (
            "- {id: x, text: a, scale: {numeric: {min: 0, max: 1, step: 0.001}}}",
            "",
            "1001 verdicts",
        ),
        (
            "- {id: x, text: a, scale: {levels: [{value: 0}, {value: 1}, {value: 5}]}}",
            "",
            "not evenly apart",
        ),
        ("- {id: g, rollup: min, criteria: [{id: x, text: a}]}", "", "`g` takes the min"),
        ("", "aggregation: {method: sum, clip: null}", "sums"),
        ("", "aggregation: {clip: [0, 0.5]}", "clips"),
        ("", "judge: {mode: holistic}", "holistic"),
        ("", "preamble: 'Read {response} twice.'", "{response}"),
    ],
)
def test_what_rubric_judge_cannot_score(
    tmp_path: Path, criteria: str, rubric: str, words: str
) -> None:
    pin = pinned(tmp_path, criteria, rubric)
    with pytest.raises(ArgumentError) as failure:
        write_judge(pin, tmp_path / "answer.json")
    assert words in str(failure.value) and "rubric_reward" in str(failure.value)
    assert not (tmp_path / "answer.json").exists()


def test_files(tmp_path: Path) -> None:
    pin = pinned(
        tmp_path, '- {id: x, text: "a \\"b\\" \\\\ ü 🙂 \\t"}', "judge: {mode: per_criterion}"
    )
    made = write_judge(pin, tmp_path / "answer.json")
    assert made.config == {
        "id": "rubric",
        "name": "answer",
        "path": str(tmp_path / "answer.json"),
        "max_criteria": 1,
    }
    read = json.loads((tmp_path / "answer.json").read_text())
    assert read["rubric"] == pin.name and read["criteria"][1]["text"] == 'a "b" \\ ü 🙂 \t'
    write_judge(pin, tmp_path / "answer.toml")
    if sys.version_info >= (3, 11):
        import tomllib

        assert tomllib.loads((tmp_path / "answer.toml").read_text()) == read
    with pytest.raises(ArgumentError, match="yaml"):
        write_judge(pin, tmp_path / "answer.yaml")


def trace(reply: str) -> Any:
    metrics: dict[str, float] = {}
    return SimpleNamespace(
        id="t1",
        last_reply=reply,
        transcript=f"[assistant]\n{reply}",
        metrics=metrics,
        info={},
        record_metric=metrics.__setitem__,
    )


def test_a_reward_of_a_task(tmp_path: Path) -> None:
    pin = pinned(tmp_path)
    seen: list[Rollout] = []

    def judge(pin: PinnedRubric, rollouts: Sequence[Rollout]) -> list[dict[str, Any]]:
        seen.extend(rollouts)
        return [{"question": Failed("x") if "?" in rollout.text else 1} for rollout in rollouts]

    store = Store.open(tmp_path / "store")
    reward = rubric_reward(store, pin.name, judge)
    task = SimpleNamespace(prompt_text="Why?")
    one = trace("Because.")
    assert asyncio.run(reward(task=task, trace=one)) == 1.0
    assert one.metrics == {"answer/question": 1.0} and store.verify_stamp(one.info["rubric"])
    assert seen[0].id == "t1" and seen[0].text == "Because." and seen[0].extra["task"] is task
    # A judge that fails is an error of the rollout, as RubricJudge has it.
    with pytest.raises(UnscorableError):
        asyncio.run(reward(task, trace("Why?")))
    whole = rubric_reward(store, pin.name, judge, view="full_trace", on_unscorable=0)
    assert asyncio.run(whole(task, trace("Why?"))) == 0.0
    assert seen[-1].text == "[assistant]\nWhy?"


def test_settings_that_verifiers_cannot_have(tmp_path: Path) -> None:
    pinned(tmp_path)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({}, "per_step"),
        ({"per_step": 2, "on_unscorable": "none"}, "None"),
        ({"per_step": 2, "view": "all"}, "view"),
    ]
    for options, words in wrong:
        with pytest.raises(ArgumentError, match=words):
            rubric_reward(tmp_path / "store", "answer@main", lambda pin, rollouts: [], **options)


def test_verifiers_own_scoring() -> None:
    """Its RubricJudge reads the file, and its task takes the reward."""
    output = run("verifiers", "run.py")
    assert "answer.json" in output and "answer.toml" in output and "the library says" in output
