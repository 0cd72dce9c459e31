"""The reward for verl: by itself, and in verl's own reward loop."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from run_example import run

from rubricstore import ArgumentError, PinnedRubric, Store, UnscorableError, edits
from rubricstore import verl as adapter
from rubricstore.reward import Rollout
from rubricstore.verl import compute_score, compute_score_batch, rubric_score

NOTE = """\
schema: rubric/1
id: note
criteria:
  - {id: words, text: Is it written in words?, scale: {numeric: {min: 0, max: 1}}}
  - {id: lively, text: Is it lively?, scale: {numeric: {min: 0, max: 1}}}
"""

JUDGING = """\
from rubricstore import Failed

def lively(text):
    return text.count("!") / 2 if text else Failed("no text")

def judge(pin, rollouts):
    return [{"words": 1, "lively": lively(rollout.text)} for rollout in rollouts]
"""


@pytest.fixture
def notes(tmp_path: Path) -> Store:
    store = Store.create(tmp_path / "notes")
    store.add(NOTE, because="where the run starts")
    (tmp_path / "judging.py").write_text(JUDGING)
    return store


@pytest.fixture
def options(notes: Store, tmp_path: Path) -> dict[str, Any]:
    """As they stand in verl's configuration."""
    return {
        "store": notes.path,
        "rubric": "note@main",
        "judge": f"{tmp_path}/judging.py:judge",
        "run": str(tmp_path / "run"),
    }


def ask(text: str, info: dict[str, Any] | None = None, **options: Any) -> dict[str, Any]:
    answer = compute_score(
        data_source="notes", solution_str=text, ground_truth=None, extra_info=info, **options
    )
    return asyncio.run(answer)


def test_one_rollout(notes: Store, options: dict[str, Any]) -> None:
    first = notes.pull("note@main").commit
    assert ask("a!", {"rubric_step": 1, "num_turns": None}, **options) == {
        "score": 0.75,
        "rubric_commit": first,
        "rubric_step": 1,
    }
    second = notes.commit(edits.reweight("lively", 3)).commit
    assert ask("a!", {"rubric_step": 1}, **options)["rubric_commit"] == first
    assert ask("a!", {"rubric_step": 2}, **options) == {
        "score": 0.625,
        "rubric_commit": second,
        "rubric_step": 2,
    }


def test_a_batch(notes: Store, options: dict[str, Any]) -> None:
    infos = [{"rubric_step": 5, "question": "about rain"}] * 3
    answers = compute_score_batch(
        ["n"] * 3, ["", "a!", "!!"][1:] + ["a"], [None] * 3, infos, **options
    )
    assert [answer["score"] for answer in answers] == [0.75, 1.0, 0.5]
    assert {answer["rubric_step"] for answer in answers} == {5}
    with pytest.raises(ArgumentError, match="one step"):
        compute_score_batch(
            ["n"] * 2, ["a"] * 2, [None] * 2, [{"rubric_step": 1}, {"rubric_step": 2}], **options
        )


def test_nothing_is_scored_that_has_no_reward(options: dict[str, Any]) -> None:
    with pytest.raises(UnscorableError):
        ask("", {"rubric_step": 1}, **options)
    assert ask("", {"rubric_step": 1}, on_unscorable=-1, **options)["score"] == -1.0
    with pytest.raises(ArgumentError, match="None"):
        ask("a", {"rubric_step": 1}, on_unscorable="none", **options)


def test_a_branch_needs_a_step_and_a_folder(notes: Store, options: dict[str, Any]) -> None:
    with pytest.raises(ArgumentError, match="RubricRewardManager"):
        ask("a!", {"global_steps": 3}, **options)
    assert ask("a!", None, per_step=2, **options)["rubric_step"] == 0
    del options["run"]
    with pytest.raises(ArgumentError, match="several processes"):
        ask("a!", {"rubric_step": 1}, **options)
    # A hash needs neither.
    options["rubric"] = notes.pull("note@main").name
    assert ask("a!", None, **options)["score"] == 0.75


@pytest.mark.parametrize(
    ("judge", "words"),
    [
        ("judging", "is wanted"),
        ("nowhere.py:judge", "not there"),
        ("{0}/judging.py:grade", "no `grade`"),
        ("rubricstore_nowhere:judge", "cannot be imported"),
    ],
)
def test_a_judge_that_is_not_there(
    options: dict[str, Any], tmp_path: Path, judge: str, words: str
) -> None:
    with pytest.raises(ArgumentError, match=words):
        ask("a", {"rubric_step": 1}, **{**options, "judge": judge.format(tmp_path)})


def test_a_file_of_ones_own(notes: Store, tmp_path: Path) -> None:
    seen: list[Rollout] = []

    async def judge(pin: PinnedRubric, rollouts: Sequence[Rollout]) -> list[dict[str, Any]]:
        seen.extend(rollouts)
        return [{"words": 1, "lively": 0} for _ in rollouts]

    score = rubric_score(notes, "note@main", judge, run=tmp_path / "run")
    assert asyncio.iscoroutinefunction(score)

    async def many() -> list[dict[str, Any]]:
        prompt = [{"role": "user", "content": "about rain"}]
        return await asyncio.gather(  # type: ignore[no-any-return]
            *(
                score("notes", "text", "truth", {"rubric_step": 1, "rubric_prompt": prompt})
                for _ in range(30)
            )
        )

    answers = asyncio.run(many())
    assert {answer["score"] for answer in answers} == {0.5}
    assert seen[0].prompt_text == "about rain"
    assert seen[0].extra["ground_truth"] == "truth" and seen[0].extra["data_source"] == "notes"
    assert len(list((tmp_path / "run" / "graded").iterdir())) == 1


def test_what_is_not_there() -> None:
    with pytest.raises(AttributeError):
        adapter.NothingOfTheKind  # noqa: B018


def test_verls_reward_loop() -> None:
    """Its configuration, its managers, and two of its workers."""
    output = run("verl", "run.py")
    assert "RubricRewardManager" in output and "step 3 was graded by" in output
