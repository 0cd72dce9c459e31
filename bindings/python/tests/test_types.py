"""The package, and a program of a user's, under ``mypy --strict``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import rubricstore

pytest.importorskip("mypy")

USER = """
import asyncio
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rubricstore import NA, BatchScore, Commit, Failed, PinnedRubric, RubricStoreError
from rubricstore import Score, Store, edits


def rewards(pin: PinnedRubric, verdicts: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    batch: BatchScore = pin.score_batch(verdicts, contributions=True)
    if batch.contributions is not None:
        print(batch.contributions.sum(axis=1), batch.ok.all(), batch.counts()["scored"])
    return batch.rewards


def one(pin: PinnedRubric) -> float | None:
    score: Score = pin.score({"flow": 4, "style": NA, "facts": Failed("x"), "x": {"value": 1}})
    for reason in score.unscorable:
        print(reason.code, reason.message)
    return score.reward


async def follow(store: Store) -> None:
    async for pin in store.follow("essay@exp", poll=1):
        print(pin.commit, [column.id for column in pin.columns])


def main() -> None:
    with Store.open(Path("runs"), cache="/tmp/cache") as store:
        pin = store.pull("essay@main")
        made: Commit = store.commit(
            [edits.reweight("flow", 2, because="it tells essays apart")],
            because="after step 640",
            proposer=("meta", "stats"),
            author="Ada <ada@example.org>",
        )
        print(store.pull(made).rubric["flow"].weight + 1, store.diff(pin, made).comparability)
        report = store.merge("exp", settle={"flow.weight": "mean"})
        for conflict in report.conflicts:
            print(conflict.path, conflict.rules)
        store.note(made, gold=0.71, step=640)
        for entry in store.log(limit=3):
            print(entry.date.isoformat(), entry.subject)
        try:
            print(rewards(pin, np.zeros((2, 5))), one(pin))
        except RubricStoreError as error:
            print(error.code, error.hint, error.findings[0].line)
    asyncio.run(follow(store))
"""

WRONG = """
from rubricstore import Store

store = Store.open("runs", discover="yes")
pin = store.pull(3)
pin.commit = "x"
number: int = pin.score({}).reward
"""


def mypy(*arguments: str) -> tuple[int, str]:
    # Which packages may be absent.
    config = Path(__file__).resolve().parents[1] / "pyproject.toml"
    if config.exists():
        arguments = ("--config-file", str(config), *arguments)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-incremental", *arguments],
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("version", ["3.10", "3.14"])
def test_the_package(version: str) -> None:
    options = ["--python-version", version]
    if version == "3.10":  # NumPy's own types need a later one, and are Any here.
        options.append("--no-warn-return-any")
    status, text = mypy(*options, "-p", "rubricstore")
    assert status == 0, text


def test_a_program(tmp_path: Path) -> None:
    (tmp_path / "user.py").write_text(USER)
    status, text = mypy(str(tmp_path / "user.py"))
    assert status == 0, text
    (tmp_path / "wrong.py").write_text(WRONG)
    status, text = mypy(str(tmp_path / "wrong.py"))
    lines = {line.split(":")[1] for line in text.splitlines() if ": error:" in line}
    assert status == 1 and lines == {"4", "5", "6", "7"}, text


def test_the_marker_is_there() -> None:
    assert (Path(rubricstore.__file__).parent / "py.typed").exists()
