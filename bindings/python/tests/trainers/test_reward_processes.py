"""Several processes that grade the same steps."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest
from noting import judge, made, marks, reweigh, written

from rubricstore import ArgumentError, Store, StoreIOError
from rubricstore.reward import RubricReward, RunFolder, Solo


@pytest.fixture
def notes(tmp_path: Path) -> Store:
    return made(str(tmp_path / "notes"))


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


def test_a_process_that_dies_at_a_step_leaves_it_to_the_others(
    notes: Store, tmp_path: Path
) -> None:
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


def test_the_newest_of_a_file_are_kept(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run", keep=5)
    for step in range(2):
        for number in range(4):
            folder.add(step, [{"rollout": f"{step}-{number}"}])
    kept = [record["rollout"] for record in folder.records()]
    assert sorted(kept) == ["0-3", "1-0", "1-1", "1-2", "1-3"]
    folder.add(2, [{"rollout": f"2-{number}"} for number in range(9)])
    assert [record["rollout"] for record in folder.records()] == [f"2-{n}" for n in range(4, 9)]
    with pytest.raises(ArgumentError, match="keep"):
        RunFolder(tmp_path / "run", keep=0)


def test_a_step_is_agreed_on_once(notes: Store) -> None:
    class Noting(Solo):
        asked: ClassVar[list[int]] = []

        def agree(self, step: int, decide: Callable[[int], str]) -> str:
            self.asked.append(step)
            return super().agree(step, decide)

    reward = RubricReward(notes, "note@exp-a", judge, every=100, peers=Noting())
    first = reward.grade(written(4, 0), step=0).commit
    for step in range(1, 90):
        reward.pin(step)
    reweigh(notes, 1)
    assert reward.pin(90).commit != first
    # However long ago, it is graded as it was; and the steps to the meta-update go on.
    assert reward.pin(0).commit == first == reward.pin(89).commit
    assert Noting.asked == list(range(91))
    reward.pin(99)
    assert not reward.updates
    reward.pin(100)
    assert [update.step for update in reward.updates] == [100]


def test_pins_beyond_those_at_hand(notes: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rubricstore.reward.core._PINS", 2)
    reward = RubricReward(notes, "note@exp-a", judge)
    commits = []
    for step in range(4):
        commits.append(reward.pin(step).commit)
        reweigh(notes, 2 + step)
    assert len(set(commits)) == 4
    assert [reward.pin(step).commit for step in range(4)] == commits


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
