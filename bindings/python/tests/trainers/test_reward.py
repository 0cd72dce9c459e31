"""What the adapters to trainers share, without a trainer."""

from __future__ import annotations

import asyncio
import json
import logging
import math
import multiprocessing
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rubricstore import (
    ArgumentError,
    Failed,
    NotFoundError,
    PinnedRubric,
    Store,
    StoreIOError,
    UnscorableError,
    edits,
)
from rubricstore.reward import Rollout, RubricReward, RunFolder, Solo

NOTE = """\
schema: rubric/1
id: note
criteria:
  - id: words
    text: Is it written in words?
    scale: {numeric: {min: 0, max: 1}}
  - id: lively
    text: Is it lively?
    weight: 1.5
    scale: {numeric: {min: 0, max: 1}}
"""


@pytest.fixture
def notes(tmp_path: Path) -> Store:
    store = Store.create(tmp_path / "notes")
    store.add(NOTE, because="where the run starts")
    store.create_branch("exp-a")
    return store


def shares(text: str) -> tuple[float, float]:
    length = max(1, len(text))
    return sum(c.isalpha() for c in text) / length, text.count("!") / length


def judge(pin: PinnedRubric, rollouts: Sequence[Rollout]) -> list[dict[str, Any]]:
    known = {"words": 0, "lively": 1}
    return [
        {id: shares(rollout.text)[known[id]] if id in known else 1 for id in pin.column_ids}
        for rollout in rollouts
    ]


def written(count: int, seed: int) -> list[Rollout]:
    """Notes of letters and exclamation marks, mixed at random."""
    choose = np.random.default_rng(seed)
    texts = choose.choice(list("abc!!.?"), (count, 24))
    return [Rollout("a note", "".join(row)) for row in texts.tolist()]


def marks(rollouts: Sequence[Rollout]) -> list[float | None]:
    return [shares(rollout.text)[0] for rollout in rollouts]


def reweigh(store: Store, weight: float) -> str:
    commit = store.commit(edits.reweight("lively", weight), rubric="note", branch="exp-a").commit
    assert commit is not None
    return commit


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
    assert graded.rewards[1] is None and graded.rewards[0] == graded.rewards[2] == pytest.approx(0.4)
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
    # What is known of it is kept.
    assert len(reward.peers.records()) == 2


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
    assert graded.means() == {"words": np.inf, "lively": pytest.approx(0.75)}


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


# ---- Evidence and meta-updates ----


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
        notes, "note@exp-a", judge, every=1, proposer=propose, policy=policy, author=("Bot", "b@c.d")
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
    assert records[1]["response"] == "\ufffd" * 3 and records[7]["prompt"] == "system: short\n\nuser: "
    assert records[7]["response"] == "a"
    made = notes.meta_update(records, rubric="note", branch="exp-a", dry_run=True)
    assert made.proposal.evidence["rollouts"] == 64


# ---- Several processes ----


def grade_steps(path: str, run: str, number: int, steps: int, found: Any) -> None:
    store = Store.open(path)
    reward = RubricReward(
        store, "note@exp-a", judge, every=3, gold=marks, peers=RunFolder(run), author="T <t@e.org>"
    )
    commits = [reward.grade(written(20, 100 * step + number), step).commit for step in range(steps)]
    found.put((commits, [update.step for update in reward.updates]))


def test_processes_agree_and_one_of_them_updates(notes: Store, tmp_path: Path) -> None:
    run = tmp_path / "run"
    context = multiprocessing.get_context("spawn")
    found = context.Queue()
    workers = [
        context.Process(target=grade_steps, args=(notes.path, str(run), number, 10, found))
        for number in range(4)
    ]
    for worker in workers:
        worker.start()
    answers = [found.get(timeout=120) for _ in workers]
    for worker in workers:
        worker.join()
    commits = [commits for commits, _ in answers]
    assert all(each == commits[0] for each in commits)
    assert len(set(commits[0])) >= 2
    # Steps 3, 6 and 9, each by one process.
    assert sorted(step for _, steps in answers for step in steps) == [3, 6, 9]
    assert len(notes.log("note@exp-a")) == 4
    lines = [
        json.loads(line)
        for file in (run / "graded").iterdir()
        for line in file.read_text().splitlines()
    ]
    assert len(lines) == 800 == len({line["rollout"] for line in lines})
    for line in lines:
        assert line["rubric"] == f"note@{commits[0][line['step']]}"
    # A run that is taken up again grades as it did, though the branch has moved on.
    reweigh(notes, 9)
    again = RubricReward(notes, "note@exp-a", judge, every=3, peers=RunFolder(run))
    assert [again.grade(written(1, 0), step).commit for step in range(10)] == commits[0]
    assert again.grade(written(1, 0), step=10).pin.rubric["lively"].weight == 9


def test_a_process_that_dies_at_a_step_leaves_it_to_the_others(notes: Store, tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")

    def dies(since: int) -> str:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        folder.agree(0, dies)
    reward = RubricReward(notes, "note@exp-a", judge, peers=RunFolder(tmp_path / "run"))
    assert reward.grade(written(1, 0), step=0).pin == notes.pull("note@exp-a")


def test_a_line_that_is_half_written_is_no_record(notes: Store, tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run", keep=3)
    reward = RubricReward(notes, "note@exp-a", judge, peers=folder)
    reward.grade(written(2, 0), step=0)
    reward.grade(written(2, 0), step=1)
    (tmp_path / "run" / "graded" / "00000002-other-1.jsonl").write_text('{"rollout": "x", "pro')
    assert [record["step"] for record in folder.records()] == [1, 1, 0]


def test_counting_over_processes(tmp_path: Path) -> None:
    a, b = RunFolder(tmp_path / "run"), RunFolder(tmp_path / "run")
    assert [a.take(3), b.take(2), a.take(1)] == [0, 3, 5]
    assert [Solo().take(3), Solo().take(1)] == [0, 0]


def test_a_run_folder_that_cannot_be(notes: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreIOError, match="run folder"):
        RunFolder(tmp_path / "file" / "run")
    with pytest.raises(ArgumentError, match="evidence"):
        RubricReward(
            notes, "note@exp-a", judge, peers=RunFolder(tmp_path / "run"), evidence="lines.jsonl"
        )
