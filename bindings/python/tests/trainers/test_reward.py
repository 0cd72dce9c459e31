"""Grading, without a trainer: which commit, what judges answer, what has no reward."""

from __future__ import annotations

import asyncio
import json
import math
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from noting import judge, made, reweigh, written

from rubricstore import (
    ArgumentError,
    Failed,
    NotFoundError,
    PinnedRubric,
    Store,
    UnscorableError,
)
from rubricstore.reward import Rollout, RubricReward


@pytest.fixture
def notes(tmp_path: Path) -> Store:
    return made(str(tmp_path / "notes"))


# ---- Steps and commits ----


def test_a_step_is_graded_by_one_commit_and_the_next_by_what_came_meanwhile(notes: Store) -> None:
    reward = RubricReward(notes, "note@exp-a", judge)
    first = notes.pull("note@exp-a")
    rollout = Rollout("a note", "ab!!")
    a = reward.grade([rollout], step=7)
    second = reweigh(notes, 1)
    b = reward.grade([rollout], step=7)
    c = reward.grade([rollout], step=8)
    assert a.commit == b.commit == first.commit and c.commit == second
    assert a.rewards == b.rewards == [first.score({"words": 0.5, "lively": 0.5}).reward]
    assert c.rewards == [notes.pull(f"note@{second}").score([0.5, 0.5]).reward] == [0.5]
    # One that comes late is graded as its step was.
    assert reward.grade([rollout], step=7).commit == first.commit
    assert [(step.step, step.commit, step.rollouts) for step in reward.history] == [
        (7, first.commit, 2),
        (8, second, 1),
        (7, first.commit, 1),
    ]
    assert reward.history[0].mean == pytest.approx(a.rewards[0])


def test_without_a_step_each_call_is_one(notes: Store) -> None:
    reward = RubricReward(notes, "note@exp-a", judge)
    first = reward.grade(written(3, 0))
    second = reweigh(notes, 1)
    assert reward.grade(written(3, 1)).commit == second != first.commit
    assert [step.step for step in reward.history] == [0, 1]


def test_steps_that_are_counted_in_rollouts(notes: Store) -> None:
    reward = RubricReward(notes, "note@exp-a", judge, per_step=4)
    commits = []
    for number in range(12):
        commits.append(reward.grade(written(1, number)).commit)
        reweigh(notes, 2 + number)  # moves all the time
    assert [len(set(commits[at : at + 4])) for at in (0, 4, 8)] == [1, 1, 1]
    assert len(set(commits)) == 3
    assert [step.rollouts for step in reward.history] == [4, 4, 4]


def test_a_branch_that_is_gone_is_an_error_and_no_old_rubric(notes: Store) -> None:
    reward = RubricReward(notes, "note@exp-a", judge)
    reward.grade(written(1, 0), step=0)
    notes.delete_branch("exp-a", force=True)
    reward.grade(written(1, 0), step=0)
    with pytest.raises(NotFoundError):
        reward.grade(written(1, 0), step=1)
    with pytest.raises(NotFoundError):
        RubricReward(notes, "note@exp-a", judge)


def test_a_hash_stays_what_it_is(notes: Store, tmp_path: Path) -> None:
    pin = notes.pull("note@exp-a")
    reward = RubricReward(notes.path, pin.name, judge)
    reweigh(notes, 1)
    assert reward.grade(written(1, 0), step=0).pin == pin and not reward.follows
    with pytest.raises(ArgumentError, match="no branch"):
        RubricReward(notes, pin.name, judge, every=3)


def test_many_threads_at_one_step(notes: Store) -> None:
    reward = RubricReward(notes, "note@exp-a", judge)
    start = threading.Barrier(16)
    commits: list[list[str]] = [[] for _ in range(8)]

    def work(number: int) -> None:
        start.wait()
        for step in range(8):
            if number == 0:
                reweigh(notes, 2 + step)
            commits[step].append(reward.grade(written(1, number), step).commit)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(found) for found in commits] == [16] * 8
    assert [len(set(found)) for found in commits] == [1] * 8
    assert sum(step.rollouts for step in reward.history) == 128


@pytest.mark.parametrize(
    "options", [{"every": 0}, {"per_step": -1}, {"keep": 0}, {"on_unscorable": "zero"}]
)
def test_settings_that_mean_nothing(notes: Store, options: dict[str, Any]) -> None:
    with pytest.raises(ArgumentError, match=next(iter(options))):
        RubricReward(notes, "note@exp-a", judge, **options)
    with pytest.raises(ArgumentError):
        RubricReward(notes, "note@exp-a", judge, on_unscorable=math.nan)


# ---- What judges answer ----


def fails_now_and_then(pin: PinnedRubric, rollouts: Sequence[Rollout]) -> list[dict[str, Any]]:
    return [
        {"words": 1, "lively": Failed("timeout") if "x" in rollout.text else 0}
        for rollout in rollouts
    ]


def test_a_rollout_without_a_reward_is_never_a_number(notes: Store) -> None:
    rollouts = [Rollout("a note", text) for text in ("ab", "xx", "cd")]
    reward = RubricReward(notes, "note@exp-a", fails_now_and_then)
    graded = reward.grade(rollouts, step=0)
    assert graded.rewards[1] is None and graded.rewards[0] == graded.rewards[2] == pytest.approx(
        0.4
    )
    assert graded.unscored == 1 and "judge_error 1" in graded.why()
    assert reward.history[0].scored == 2 and reward.history[0].mean == pytest.approx(0.4)
    records = reward.peers.records()
    assert "reward" not in records[1] and records[1]["verdicts"]["lively"] == {"error": "timeout"}
    assert records[0]["reward"] == pytest.approx(0.4)


def test_the_trainer_may_be_given_a_number_in_its_place(notes: Store) -> None:
    reward = RubricReward(notes, "note@exp-a", fails_now_and_then, on_unscorable=-1)
    graded = reward.grade([Rollout("a note", "xx")], step=0)
    assert graded.rewards == [-1.0] and graded.stamp(0)["reward"] is None
    assert "reward" not in reward.peers.records()[0] and reward.history[0].mean is None


def test_or_the_training_may_stop(notes: Store) -> None:
    reward = RubricReward(notes, "note@exp-a", fails_now_and_then, on_unscorable="raise")
    with pytest.raises(UnscorableError, match="1 of 2 rollouts.*`0-1` at step 0"):
        reward.grade([Rollout("a note", "ab"), Rollout("a note", "xx")], step=0)
    # It is asked again, and would be there twice.
    assert not reward.peers.records() and not reward.history


def answers(value: Any) -> Callable[..., Any]:
    return lambda pin, rollouts: value


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ([{"words": 1, "lively": 1}], "1 rollouts, and there are 2"),
        (np.ones((3, 2)), "3 rollouts, and there are 2"),
        (np.ones((2, 3)), "shape"),
        ({"words": 1}, "a dict"),
        (None, "NoneType"),
        ([{"words": 1, "grammar": 1}] * 2, "grammar"),
        ([{"words": 1, "lively": math.inf}] * 2, "infinite"),
        ((np.ones((2, 2)), np.zeros((2, 3))), "mask"),
    ],
)
def test_answers_that_do_not_fit(notes: Store, answer: Any, words: str) -> None:
    reward = RubricReward(notes, "note@exp-a", answers(answer))
    with pytest.raises(ArgumentError, match=words):
        reward.grade(written(2, 0), step=0)
    assert not reward.peers.records() and not reward.history


def test_forms_of_answers(notes: Store) -> None:
    expected = [0.8, 0.4]
    for answer in (
        [{"words": 0.5, "lively": 1}, {"words": 1, "lively": {"reason": "no", "verdict": 0}}],
        [(0.5, 1), [np.float32(1), False]],
        np.array([[0.5, 1], [1, 0]]),
        np.array([[0.5, 1], [1, 0]], np.float32),
        (np.array([[0.5, 1], [1, 0]]), np.zeros((2, 2), np.uint8)),
        (np.array([[0.5, 1], [1, 0]]), np.zeros((2, 2), bool)),
    ):
        reward = RubricReward(notes, "note@exp-a", answers(answer))
        graded = reward.grade(written(2, 0), step=0)
        assert graded.rewards == pytest.approx(expected), answer
        for row, record in enumerate(reward.peers.records()):
            again = graded.pin.score(record["verdicts"])
            assert again.reward == record["reward"] == graded.rewards[row]


def test_arrays_with_gaps(notes: Store) -> None:
    values = np.array([[0.5, np.nan], [np.inf, 0], [1, 1], [1, 1], [1, 1]])
    mask = np.array([[0, 0], [0, 0], [0, 1], [0, 2], [0, 3]])
    reward = RubricReward(notes, "note@exp-a", answers((values, mask)))
    graded = reward.grade(written(5, 0), step=0)
    assert graded.rewards == [None, None, 1.0, None, None]
    assert [record["verdicts"] for record in reward.peers.records()] == [
        {"words": 0.5},
        {"words": {"error": "the verdict is inf"}, "lively": 0.0},
        {"words": 1.0, "lively": "na"},
        {"words": 1.0, "lively": {"error": "the judge failed"}},
        {"words": 1.0},
    ]
    assert graded.means() == {"words": np.inf, "lively": 0.0}


async def slowly(pin: PinnedRubric, rollouts: Sequence[Rollout]) -> list[dict[str, Any]]:
    await asyncio.sleep(0.001)
    return judge(pin, rollouts)


def test_asynchronous_judges(notes: Store) -> None:
    expected = RubricReward(notes, "note@exp-a", judge).grade(written(4, 0)).rewards
    reward = RubricReward(notes, "note@exp-a", slowly)
    assert reward.grade(written(4, 0)).rewards == expected

    async def inside() -> list[float | None]:
        return reward.grade(written(4, 0)).rewards  # a loop runs in this thread

    assert asyncio.run(inside()) == expected

    async def many() -> list[Any]:
        graders = [reward, RubricReward(notes, "note@exp-a", judge)]
        return await asyncio.gather(
            *(grader.grade_async(written(4, 0), step=3) for grader in graders for _ in range(20))
        )

    assert all(graded.rewards == expected for graded in asyncio.run(many()))


def test_a_judge_that_raises_ends_the_step(notes: Store) -> None:
    def breaks(pin: PinnedRubric, rollouts: Sequence[Rollout]) -> Any:
        raise ConnectionError("no judge there")

    reward = RubricReward(notes, "note@exp-a", breaks)
    with pytest.raises(ConnectionError):
        reward.grade(written(2, 0), step=0)
    assert not reward.history and not reward.peers.records()


def test_no_rollouts(notes: Store) -> None:
    graded = RubricReward(notes, "note@exp-a", judge).grade([], step=0)
    assert graded.rewards == [] and len(graded) == 0 and graded.summary().mean is None


def test_a_stamp_is_scored_again(notes: Store) -> None:
    reward = RubricReward(notes, "note@exp-a", fails_now_and_then)
    graded = reward.grade([Rollout("a note", "ab"), Rollout("a note", "xx")], step=0)
    reweigh(notes, 1)
    assert notes.verify_stamp(json.loads(json.dumps(graded.stamp(0))))
    assert graded.stamp(1)["reward"] is None
    assert not notes.verify_stamp({**graded.stamp(0), "reward": 0.5})
