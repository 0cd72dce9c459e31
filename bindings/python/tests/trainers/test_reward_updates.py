"""Evidence that a training gathers, and meta-updates in its midst."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from noting import judge, made, marks, written

from rubricstore import ArgumentError, Failed, PinnedRubric, Store, edits
from rubricstore.reward import Rollout, RubricReward


@pytest.fixture
def notes(tmp_path: Path) -> Store:
    return made(str(tmp_path / "notes"))


def test_a_meta_update_in_the_midst(notes: Store, caplog: pytest.LogCaptureFixture) -> None:
    reward = RubricReward(notes, "note@exp-a", judge, every=3, gold=marks)
    first = notes.pull("note@exp-a")
    with caplog.at_level(logging.INFO, "rubricstore.reward"):
        graded = [reward.grade(written(64, step), step) for step in range(5)]
    assert [one.commit == first.commit for one in graded] == [True] * 3 + [False] * 2
    update = reward.updates[0]
    assert update.step == 3 and update.changed and not update.failed and update.records == 192
    assert update.base == first.commit and update.commit == graded[3].commit
    assert graded[3].pin.rubric["lively"].weight < 1.5
    assert "lively" in update.sentence and "meta-update before step 3 committed" in caplog.text
    # It rests on the rollouts of the three steps, and says so.
    entry = notes.log("note@exp-a", limit=1, metrics=True)[0]
    assert entry.commit == update.commit and entry.provenance is not None
    assert entry.provenance["evidence"]["rollouts"] == entry.provenance["evidence"]["gold"] == 192
    noted = {note.metric: note for note in notes.notes(first)}
    assert noted["reward"].step == 3
    means = [reward for one in graded[:3] for reward in one.rewards if reward is not None]
    assert noted["reward"].value == pytest.approx(np.mean(means))
    assert {"reward", "gold"} == set(noted)
    # The branch that is not followed is as it was.
    assert notes.pull("note@main") == first


def test_evidence_goes_on_until_the_rubric_is_another_one(notes: Store) -> None:
    reward = RubricReward(notes, "note@exp-a", judge, every=1)  # no marks: nothing is changed
    for step in range(4):
        reward.grade(written(40, step), step)
    assert [update.records for update in reward.updates] == [40, 80, 120]
    assert not any(update.changed or update.failed for update in reward.updates)
    assert len({step.commit for step in reward.history}) == 1
    # The looks were recorded.
    assert len(notes.log("note@exp-a")) == 4


def test_only_so_much_is_kept(notes: Store, tmp_path: Path) -> None:
    path = tmp_path / "graded.jsonl"
    reward = RubricReward(notes, "note@exp-a", judge, keep=10, evidence=path, gold=marks)
    for step in range(3):
        reward.grade(written(8, step), step)
    assert [record["step"] for record in reward.peers.records()] == [1] * 2 + [2] * 8
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert len(lines) == 24 and len({line["rollout"] for line in lines}) == 24
    report = notes.replay("note@exp-a", "note@exp-a", path)
    assert report.count == report.replayed == 24
    update = notes.meta_update(path, rubric="note", branch="exp-a", dry_run=True)
    assert update.proposal.evidence["gold"] == 24


def test_a_proposer_of_ones_own(notes: Store) -> None:
    seen: list[int] = []

    def propose(pin: PinnedRubric, records: Sequence[dict[str, Any]]) -> dict[str, Any]:
        seen.append(len(records))
        edit = edits.add({"id": "calm", "text": "Is it calm?"}, because="notes shout")
        return {
            "name": "shouting/1",
            "rationale": "notes shout",
            "edits": [{"edit": edit, "support": len(records)}],
        }

    policy = {"schema": "rubric-policy/1", "trust_region": {"mean_reward": None}}
    reward = RubricReward(
        notes,
        "note@exp-a",
        judge,
        every=1,
        proposer=propose,
        policy=policy,
        author=("Bot", "b@c.d"),
    )
    reward.grade(written(40, 0), step=0)
    graded = reward.grade(written(40, 1), step=1)
    assert seen == [40] and graded.pin.column_ids == ("words", "lively", "calm")
    assert graded.verdicts.shape == (40, 3) and graded.unscored == 0
    entry = notes.log("note@exp-a", limit=1)[0]
    assert entry.proposer is not None and entry.proposer["name"] == "shouting/1"


def test_an_update_that_fails_ends_no_training(
    notes: Store, caplog: pytest.LogCaptureFixture
) -> None:
    reward = RubricReward(notes, "note@exp-a", judge, every=2, policy="schema: rubric-policy/9")
    commits = {reward.grade(written(40, step), step).commit for step in range(6)}
    assert len(commits) == 1
    # It is tried again, and each time told.
    assert [(update.step, update.failed) for update in reward.updates] == [(2, True), (4, True)]
    assert caplog.text.count("failed") == 2 and "rubric-policy" in reward.updates[0].sentence


def test_gold_from_a_column(notes: Store) -> None:
    reward = RubricReward(notes, "note@exp-a", judge, gold="mark")
    rollouts = [Rollout("a note", "ab", extra={"mark": 0.5}), Rollout("a note", "cd")]
    reward.grade(rollouts, step=0)
    assert [record.get("gold") for record in reward.peers.records()] == [0.5, None]
    reward = RubricReward(notes, "note@exp-a", judge, gold=lambda rollouts: [1.0])
    with pytest.raises(ArgumentError, match="1 scores for 2 rollouts"):
        reward.grade(rollouts, step=0)


def test_texts_that_are_hard_to_carry(notes: Store) -> None:
    hard = ["\ud83d", "\x00\x01\x7f", "a\u2028b\r\n", "", "🙂" * 3, '"\\', "\ufffe"]
    rollouts = [Rollout(text, text) for text in hard]
    chat: list[dict[str, Any]] = [
        {"role": "system", "content": "short"},
        {"role": "user", "content": None},
    ]
    said = [{"type": "text", "text": "a"}, {"type": "image"}]
    parts: list[dict[str, Any]] = [{"role": "assistant", "content": said}]
    rollouts.append(Rollout(chat, parts))

    def answers_oddly(pin: PinnedRubric, rollouts: Sequence[Rollout]) -> list[dict[str, Any]]:
        odd = {"verdict": 1, "reason": "\x1b[0m\ud83d"}
        return [{"words": odd, "lively": Failed("\x00")} for _ in rollouts[:8]] + judge(
            pin, rollouts[8:]
        )

    answers_oddly.model = "\x00"  # type: ignore[attr-defined]
    reward = RubricReward(notes, "note@exp-a", answers_oddly)
    graded = reward.grade(rollouts * 8, step=0)
    assert graded.unscored == 8
    records = reward.peers.records()
    assert records[0]["prompt"] == "\ufffd" and records[4]["response"] == "🙂🙂🙂"
    assert (
        records[1]["response"] == "\ufffd" * 3 and records[7]["prompt"] == "system: short\n\nuser: "
    )
    assert records[7]["response"] == "a"
    made = notes.meta_update(records, rubric="note", branch="exp-a", dry_run=True)
    assert made.proposal.evidence["rollouts"] == 64
