"""Sixteen processes pull at random while one commits and one repacks with git.

No reader may see wrong bytes or an error. RUBRIC_COMMITS sets how many commits the writer makes (40
if not set); the readers and the repacking go on until it has ended.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import subprocess
import sys
import time
import traceback
from multiprocessing import get_context
from pathlib import Path

import pytest

import rubricstore

READERS = 16
AUTHOR = {"name": "Test", "email": "test@example.org"}
RUBRIC = """\
schema: rubric/1
id: essay
title: Essays
criteria:
  - {id: flow, text: The parts follow from one another.}
  - {id: style, weight: 2, text: The words fit the reader.}
  - {id: ideas, text: It has ideas of its own., scale: {numeric: {min: 0, max: 5}}}
"""


def _record(book: Path, commit: str, text: str) -> None:
    """Appends a commit and the hash of its text; one write, so that no reader sees half a line."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    with open(book, "ab", buffering=0) as file:
        file.write(f"{commit} {digest}\n".encode())


def _book(book: Path) -> list[tuple[str, str]]:
    lines = book.read_text().splitlines()
    return [(commit, digest) for commit, digest in (line.split() for line in lines)]


def _write(path: str, book: Path, count: int) -> None:
    with rubricstore.Store.open(path) as store:
        for number in range(count):
            made = store.commit(
                [{"op": "reweight", "id": "style", "after": 3 + number, "because": "a test"}],
                branch="main",
                author=AUTHOR,
            )
            _record(book, made.commit, store.pull(f"essay@{made.commit}").yaml)


def _repack(path: str, done: Path) -> None:
    while not done.exists():
        subprocess.run(["git", "-C", path, "repack", "-a", "-d", "-q"], check=True)
        # git itself gives up where the branch moves meanwhile, and nothing is lost by it.
        subprocess.run(
            ["git", "-C", path, "pack-refs", "--all", "--prune"], check=False, capture_output=True
        )


def _read(path: str, book: Path, done: Path, seed: int) -> int:
    chance = random.Random(seed)
    pulls = 0
    while not done.exists() or pulls == 0:
        # A store of its own for some pulls: nothing is remembered from the ones before.
        with rubricstore.Store.open(path) as store:
            known = _book(book)
            for commit, digest in chance.choices(known, k=10):
                pin = store.pull(f"essay@{commit}")
                found = hashlib.sha256(pin.yaml.encode()).hexdigest()
                if (pin.commit, found) != (commit, digest):
                    raise AssertionError(f"{commit} gave the bytes of another version")
                pulls += 1
            tip = store.pull("essay@main")
            found = hashlib.sha256(tip.yaml.encode()).hexdigest()
            # The writer notes a commit just after it was made.
            for _ in range(600):
                expected = dict(_book(book)).get(tip.commit)
                if expected is not None:
                    break
                time.sleep(0.05)
            if expected != found:
                raise AssertionError(f"main is at {tip.commit}, which is not what was committed")
    return pulls


def _run(role: str, arguments: tuple[object, ...], failures: Path) -> None:
    try:
        {"write": _write, "repack": _repack, "read": _read}[role](*arguments)  # type: ignore[operator]
    except BaseException:
        (failures / f"{role}-{os.getpid()}").write_text(traceback.format_exc())
        sys.exit(1)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_nobody_reads_wrong_bytes_while_others_commit_and_repack(tmp_path: Path) -> None:
    path, book, done = str(tmp_path / "runs.git"), tmp_path / "book", tmp_path / "done"
    failures = tmp_path / "failures"
    failures.mkdir()
    with rubricstore.Store.create(path, bare=True) as store:
        first = store.add(RUBRIC, because="the start", author=AUTHOR)
        _record(book, first.commit, store.pull(f"essay@{first.commit}").yaml)

    context = get_context("spawn")
    count = int(os.environ.get("RUBRIC_COMMITS", "40"))
    writer = context.Process(target=_run, args=("write", (path, book, count), failures))
    others = [context.Process(target=_run, args=("repack", (path, done), failures))]
    others += [
        context.Process(target=_run, args=("read", (path, book, done, seed), failures))
        for seed in range(READERS)
    ]
    for process in [*others, writer]:
        process.start()
    writer.join(600)
    done.touch()
    for process in others:
        process.join(120)
    told = [file.read_text() for file in failures.iterdir()]
    assert not told, "\n".join(told)
    assert [process.exitcode for process in [*others, writer]] == [0] * (READERS + 2)
    assert len(_book(book)) == count + 1
    subprocess.run(["git", "-C", path, "fsck", "--strict", "--no-dangling"], check=True)
