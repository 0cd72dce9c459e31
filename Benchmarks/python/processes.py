"""How much sixteen readers slow a writer, beside sixteen processes that only read files.

The readers pull versions at random by full hash, each time through a store that they opened anew;
the floor's processes read the same number of files of the same repository and do nothing with them.
Prints commits a second, alone and beside either.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing.synchronize import Event
from pathlib import Path

import rubricstore
from bench import AUTHOR, document

READERS = 16
COMMITS = 60


def pull(path: str, commits: list[str], done: Event, seed: int) -> None:
    chance = random.Random(seed)
    while not done.is_set():
        with rubricstore.Store.open(path) as store:
            for _ in range(20):
                store.pull(f"essay@{chance.choice(commits)}")
        time.sleep(0.01)


def read(path: str, commits: list[str], done: Event, seed: int) -> None:
    chance = random.Random(seed)
    files = [str(file) for file in Path(path, "objects").glob("??/*")]
    while not done.is_set():
        # A pull reads a commit, two trees and a file.
        for _ in range(20 * 4):
            with open(chance.choice(files), "rb") as file:
                file.read()
        time.sleep(0.01)


def rate(path: str, start: int) -> float:
    with rubricstore.Store.open(path) as store:
        began = time.perf_counter()
        for number in range(COMMITS):
            edit = {
                "op": "reweight",
                "id": "criterion-00",
                "after": start + number + 1,
                "because": "a version more",
            }
            store.commit([edit], author=AUTHOR)
        return COMMITS / (time.perf_counter() - began)


def beside(
    path: str, start: int, commits: list[str], work: Callable[..., None] | None
) -> float:
    done = multiprocessing.Event()
    others = [
        multiprocessing.Process(target=work, args=(path, commits, done, seed))
        for seed in range(READERS if work else 0)
    ]
    for process in others:
        process.start()
    time.sleep(1)
    found = rate(path, start)
    done.set()
    for process in others:
        process.join()
        if process.exitcode != 0:
            sys.exit(f"a reader ended with {process.exitcode}")
    return found


def main() -> None:
    rounds = int(os.environ.get("ROUNDS", "5"))
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/runs.git"
        with rubricstore.Store.create(path, bare=True) as store:
            store.add(document(), because="the start", author=AUTHOR)
        rate(path, 10)
        with rubricstore.Store.open(path) as store:
            commits = [entry.commit for entry in store.log("essay@main")]
        found: dict[str, list[float]] = {"alone": [], "files": [], "pulls": []}
        start = 1_000
        for _ in range(rounds):
            for name, work in (("alone", None), ("files", read), ("pulls", pull)):
                found[name].append(beside(path, start, commits, work))
                start += COMMITS
        ratio = statistics.median(
            pulls / files for pulls, files in zip(found["pulls"], found["files"], strict=True)
        )
        for name, rates in found.items():
            print(f"{name}: {statistics.median(rates):.0f} commits a second")
        print(f"beside pulls the writer is {ratio:.2f} times as fast as beside reads of files")


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    main()
