"""Failures in the midst of a training: what is counted, what is kept, and what goes on."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from noting import judge, made, written

from rubricstore import ArgumentError, Failed, PinnedRubric, Store, UnscorableError
from rubricstore.reward import Peers, Rollout, RubricReward, RunFolder, Solo


@pytest.fixture
def notes(tmp_path: Path) -> Store:
    return made(str(tmp_path / "notes"))


# ---- Gold scores ----


def marked(*marks: Any) -> list[Rollout]:
    return [Rollout("a note", "ab!", extra={"mark": mark}) for mark in marks]


def test_a_gold_score_that_is_not_there(notes: Store, tmp_path: Path) -> None:
    path = tmp_path / "graded.jsonl"
    reward = RubricReward(notes, "note@exp-a", judge, gold="mark", every=1, evidence=path)
    reward.grade(marked(math.nan, np.float64("nan"), None, 0.5, np.float32(0.25), Decimal(1)), 0)
    golds = [record.get("gold") for record in reward.peers.records()]
    assert golds == [None, None, None, 0.5, 0.25, 1.0]
    reward.grade(written(1, 0) + marked(math.nan), step=1)
    assert [update.failed for update in reward.updates] == [False]


@pytest.mark.parametrize(
    "mark", [math.inf, -math.inf, "0.5", "great", b"1", [1, 2], {}, 10**400], ids=type
)
def test_what_is_no_gold_score(notes: Store, mark: Any) -> None:
    reward = RubricReward(notes, "note@exp-a", judge, gold="mark")
    with pytest.raises(ArgumentError, match="gold score of rollout `7-1`"):
        reward.grade(marked(0.5, mark), step=7)
    assert not reward.peers.records() and not reward.history


def test_a_gold_column_that_no_rollout_has(notes: Store) -> None:
    reward = RubricReward(notes, "note@exp-a", judge, gold="mrak")
    with pytest.raises(ArgumentError, match="gold column `mrak`; there is mark"):
        reward.grade(marked(0.5, 1), step=0)
    with pytest.raises(ArgumentError, match="there is no column"):
        reward.grade(written(1, 0), step=0)
    assert reward.grade([], step=0).rewards == []
    # Once it was there, some rollouts may be without.
    reward = RubricReward(notes, "note@exp-a", judge, gold="mark")
    reward.grade(marked(0.5), step=0)
    reward.grade(written(1, 0), step=0)
    assert len(reward.peers.records()) == 2


# ---- Calls that are asked again ----


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("later", [False, True])
def test_a_call_that_fails_is_not_counted(
    notes: Store, tmp_path: Path, shared: bool, later: bool
) -> None:
    failures = [0, 3, 4, 11]
    asked = 0

    def now_and_then(pin: PinnedRubric, rollouts: Sequence[Rollout]) -> list[dict[str, Any]]:
        nonlocal asked
        asked += 1
        if asked - 1 in failures:
            raise ConnectionError("no judge there")
        return judge(pin, rollouts)

    peers: Peers = RunFolder(tmp_path / "run") if shared else Solo()
    reward = RubricReward(notes, "note@exp-a", now_and_then, per_step=4, peers=peers)
    steps: list[int] = []
    while len(steps) < 12:
        one = written(1, len(steps))
        try:
            graded = asyncio.run(reward.grade_async(one)) if later else reward.grade(one)
        except ConnectionError:
            continue
        steps.append(graded.step)
    assert steps == [0] * 4 + [1] * 4 + [2] * 4 and asked == 16
    assert len(reward.peers.records()) == 12 and peers.take(0) == 12


def test_a_call_that_is_cancelled_is_not_counted(notes: Store) -> None:
    async def waits(pin: PinnedRubric, rollouts: Sequence[Rollout]) -> list[dict[str, Any]]:
        await asyncio.sleep(60)
        return judge(pin, rollouts)

    reward = RubricReward(notes, "note@exp-a", waits, per_step=4)

    async def gives_up() -> None:
        await asyncio.wait_for(reward.grade_async(written(3, 0)), 0.05)

    with pytest.raises(asyncio.TimeoutError):
        asyncio.run(gives_up())
    assert reward.peers.take(0) == 0


def test_a_refused_call_is_no_evidence_until_it_is_answered(notes: Store) -> None:
    class Noting(Solo):
        added: list[int]

        def add(self, step: int, records: Sequence[dict[str, Any]]) -> None:
            self.added.append(len(records))
            super().add(step, records)

    calls = 0

    def fails_twice(pin: PinnedRubric, rollouts: Sequence[Rollout]) -> list[dict[str, Any]]:
        nonlocal calls
        calls += 1
        fine = judge(pin, rollouts)
        return [*fine[:1], {"words": 1, "lively": Failed("timeout")}] if calls < 3 else fine

    peers = Noting()
    peers.added = []
    reward = RubricReward(
        notes, "note@exp-a", fails_twice, on_unscorable="raise", per_step=2, peers=peers
    )
    for _ in range(2):
        with pytest.raises(UnscorableError):
            reward.grade(written(2, 0))
    assert reward.grade(written(2, 0)).step == 0
    # Several processes may wait for each other in it: it is called each time.
    assert peers.added == [0, 0, 2]
    assert [step.rollouts for step in reward.history] == [2]


def test_an_evaluation_takes_no_count(notes: Store) -> None:
    reward = RubricReward(notes, "note@exp-a", judge, per_step=2)
    assert reward.grade(written(3, 0), evaluation=True).step == 0
    assert asyncio.run(reward.grade_async(written(3, 0), evaluation=True)).step == 0
    assert [reward.grade(written(1, 0)).step for _ in range(3)] == [0, 0, 1]
    assert len(reward.peers.records()) == 3 and reward.steps == 2


# ---- Meta-updates ----


class Odd:
    """No proposal."""


@pytest.mark.parametrize("proposal", [ConnectionError("no model there"), KeyError("x"), Odd(), 7])
def test_a_proposer_that_fails_ends_no_training(notes: Store, proposal: Any) -> None:
    def proposes(pin: PinnedRubric, records: Sequence[dict[str, Any]]) -> Any:
        if isinstance(proposal, Exception):
            raise proposal
        return proposal

    reward = RubricReward(notes, "note@exp-a", judge, every=1, proposer=proposes)
    commits = {reward.grade(written(8, step), step).commit for step in range(3)}
    assert len(commits) == 1 and [update.failed for update in reward.updates] == [True, True]
    if isinstance(proposal, Exception):
        assert type(proposal).__name__ in reward.updates[0].sentence


def test_a_policy_that_is_not_there_ends_no_training(notes: Store, tmp_path: Path) -> None:
    reward = RubricReward(notes, "note@exp-a", judge, every=1, policy=tmp_path / "policy.yaml")
    for step in range(2):
        reward.grade(written(8, step), step)
    update = reward.updates[0]
    assert update.failed and "policy.yaml" in update.sentence
