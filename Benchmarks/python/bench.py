"""Measures the Python package, each row beside its floor or a peer in the same run."""

from __future__ import annotations

import argparse
import ctypes
import logging
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy
import pygit2

import rubricstore

AUTHOR = {"name": "Bench", "email": "bench@example.org"}
CRITERIA = 40
VERSIONS = 120
WORDS = (
    "claim evidence reader paragraph source figure method result reason example order tone "
    "sentence question answer detail scope limit premise contrast"
).split()


def document() -> str:
    """A rubric of 40 binary criteria, 4 to 5 KB, flat weighted mean."""
    lines = ["schema: rubric/1", "id: essay", "title: Essays for the benchmark", "criteria:"]
    for number in range(CRITERIA):
        text = " ".join(WORDS[(number * 7 + place * 3) % len(WORDS)] for place in range(9))
        lines += [
            f"  - id: criterion-{number:02}",
            f"    weight: {1 + number % 5}",
            f"    text: The {text}.",
        ]
    return "\n".join(lines) + "\n"


def each(function: Callable[[], object], seconds: float = 0.05) -> float:
    """Seconds a call takes, over as many calls as fill the time."""
    count = 1
    while True:
        start = time.perf_counter()
        for _ in range(count):
            function()
        spent = time.perf_counter() - start
        if spent >= seconds:
            return spent / count
        count = max(count * 2, int(count * seconds / max(spent, 1e-9)))


class Table:
    """Rows of what was measured in each round."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = {}

    def add(self, name: str, seconds: float) -> None:
        self.times.setdefault(name, []).append(seconds)

    def median(self, name: str) -> float:
        return statistics.median(self.times[name])

    def ratio(self, name: str, floor: Callable[[int], float]) -> float:
        """The median of the ratios within a round."""
        return statistics.median(
            spent / floor(index) for index, spent in enumerate(self.times[name])
        )


def build(folder: Path) -> tuple[str, list[str]]:
    path = str(folder / "runs.git")
    with rubricstore.Store.create(path, bare=True) as store:
        commits = [store.add(document(), because="the start", author=AUTHOR).commit]
        for number in range(VERSIONS - 1):
            made = store.commit(
                [
                    {
                        "op": "reweight",
                        "id": f"criterion-{number % CRITERIA:02}",
                        "after": 10 + number,
                        "because": "a version more",
                    }
                ],
                author=AUTHOR,
            )
            commits.append(made.commit)
    return path, commits


def first_pulls(table: Table, label: str, path: str, commits: list[str], floor: ctypes.CDLL) -> None:
    """A round of first pulls, pygit2's reads and libyaml's parses of the same versions."""
    texts = []
    repository = pygit2.Repository(path)
    start = time.perf_counter()
    for commit in commits:
        blob = repository[repository[commit].tree["rubrics/essay.yaml"].id]
        texts.append(blob.data)
    table.add(f"{label}: pygit2 reads", (time.perf_counter() - start) / len(commits))
    start = time.perf_counter()
    for text in texts:
        floor.floor_yaml_parse(text, len(text))
    table.add(f"{label}: libyaml parses", (time.perf_counter() - start) / len(commits))
    with rubricstore.Store.open(path) as store:
        names = [f"essay@{commit}" for commit in commits]
        start = time.perf_counter()
        for name in names:
            store.pull(name)
        table.add(f"{label}: first pull", (time.perf_counter() - start) / len(commits))


def fresh(code: str, *arguments: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code, *arguments], check=True)
    return time.perf_counter() - start


OURS = "import sys, rubricstore; rubricstore.Store.open(sys.argv[1]).pull('essay@' + sys.argv[2])"
PYGIT2 = (
    "import sys, pygit2; r = pygit2.Repository(sys.argv[1]);"
    "r[r[sys.argv[2]].tree['rubrics/essay.yaml'].id].data"
)


def registries(table: Table, folder: Path, text: str, pinned: Callable[[], object]) -> Callable[[], None]:
    """Sets the peers up; what it returns measures a round."""
    os.environ["MLFLOW_TRACKING_URI"] = f"sqlite:///{folder}/mlflow.db"
    logging.disable(logging.WARNING)
    from instructvault import InstructVault
    from mlflow import genai

    genai.register_prompt(name="essay", template=text)
    work = folder / "vault"
    work.mkdir()
    quoted = "\n".join("      " + line for line in text.splitlines())
    (work / "essay.yml").write_text(
        f"spec_version: '1.0'\nname: essay\nmessages:\n  - role: user\n    content: |\n{quoted}\n"
    )
    git = ["git", "-C", str(work), "-c", "user.name=Bench", "-c", "user.email=bench@example.org"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "start"]):
        subprocess.run([*git, *words], check=True)
    commit = subprocess.run(
        [*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True
    ).stdout.strip()
    plain, cached = InstructVault(str(work), cache=False), InstructVault(str(work))

    def measure() -> None:
        table.add("pull", each(pinned))
        table.add(
            "MLflow, SQLite",
            each(lambda: genai.load_prompt("prompts:/essay/1", cache_ttl_seconds=0), 0.2),
        )
        table.add(
            "MLflow, SQLite, its cache",
            each(lambda: genai.load_prompt("prompts:/essay/1", cache_ttl_seconds=3600), 0.2),
        )
        table.add("instructvault", each(lambda: plain.load_prompt("essay.yml", ref=commit), 0.2))
        table.add(
            "instructvault, its cache", each(lambda: cached.load_prompt("essay.yml", ref=commit))
        )

    return measure


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--write", action="store_true", help="write RESULTS.md beside this file")
    options = parser.parse_args()
    floor = ctypes.CDLL(os.environ["FLOOR"])
    floor.floor_yaml_parse.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
    floor.floor_yaml_parse.restype = ctypes.c_int64
    table = Table()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        loose, commits = build(folder)
        packed = str(folder / "packed.git")
        subprocess.run(["cp", "-r", loose, packed], check=True)
        subprocess.run(["git", "-C", packed, "repack", "-adq"], check=True)
        store = rubricstore.Store.open(loose)
        pin = store.pull(f"essay@{commits[-1]}")
        full = f"essay@{commits[-1]}"
        repository = pygit2.Repository(loose)
        chance = numpy.random.default_rng(1)
        verdicts = chance.integers(0, 2, (1024, CRITERIA)).astype(numpy.float64)
        weights = chance.random(CRITERIA)
        peers = registries(table, folder, pin.yaml, lambda: store.pull(full))
        for _ in range(options.rounds):
            first_pulls(table, "loose", loose, commits, floor)
            first_pulls(table, "packed", packed, commits, floor)
            table.add("pull of a full hash again", each(lambda: store.pull(full)))
            table.add(
                "pygit2 reads the blob",
                each(
                    lambda: repository[
                        repository[commits[-1]].tree["rubrics/essay.yaml"].id
                    ].data
                ),
            )
            table.add("V @ w", each(lambda: verdicts @ weights))
            table.add("score_batch, 1,024 × 40", each(lambda: pin.score_batch(verdicts)))
            table.add(
                "… with contributions", each(lambda: pin.score_batch(verdicts, contributions=True))
            )
            bare, ours, theirs = (
                statistics.median(fresh(code, loose, commits[-1]) for _ in range(5))
                for code in ("pass", OURS, PYGIT2)
            )
            table.add("fresh process: import and first pull", ours - bare)
            table.add("fresh process through pygit2", theirs - bare)
            peers()
        size = len(pin.yaml)
    report = render(table, size, options.rounds)
    print(report)
    if options.write:
        Path(__file__).with_name("RESULTS.md").write_text(report)


def render(table: Table, size: int, rounds: int) -> str:
    def line(name: str, reach: str, met: str) -> str:
        spent = table.median(name)
        shown = f"{spent * 1e6:,.2f} µs" if spent < 1e-3 else f"{spent * 1e3:,.1f} ms"
        return f"| {name} | {shown} | {met} | {reach} |"

    def over(name: str, *floors: str) -> str:
        ratio = table.ratio(name, lambda index: sum(table.times[floor][index] for floor in floors))
        return f"{ratio:.2f} × {' + '.join(floors)}"

    def faster(name: str) -> str:
        ratio = table.ratio(name, lambda index: table.times["pull"][index])
        return f"the pull is {ratio:,.0f} times faster"

    rows = [
        line("pull of a full hash again", "under 2 µs", over("pull of a full hash again", "pygit2 reads the blob")),
        line("pygit2 reads the blob", "", ""),
    ]
    for label in ("loose", "packed"):
        rows += [
            line(
                f"{label}: first pull",
                "at most 1.5 ×",
                over(f"{label}: first pull", f"{label}: pygit2 reads", f"{label}: libyaml parses"),
            ),
            line(f"{label}: pygit2 reads", "", ""),
            line(f"{label}: libyaml parses", "", ""),
        ]
    rows += [
        line("score_batch, 1,024 × 40", "at most 3 ×", over("score_batch, 1,024 × 40", "V @ w")),
        line("… with contributions", "", over("… with contributions", "V @ w")),
        line("V @ w", "", ""),
        line("fresh process: import and first pull", "at most 30 ms", "beyond `python -c pass`"),
        line("fresh process through pygit2", "", "beyond `python -c pass`"),
        line("pull", "", "beside the registries"),
        line("MLflow, SQLite", "at least 100 times", faster("MLflow, SQLite")),
        line("MLflow, SQLite, its cache", "", faster("MLflow, SQLite, its cache")),
        line("instructvault", "at least 100 times", faster("instructvault")),
        line("instructvault, its cache", "", faster("instructvault, its cache")),
    ]
    head = (
        f"# The Python package, measured\n\n"
        f"{VERSIONS} versions of a rubric of {CRITERIA} criteria ({size:,} bytes); medians of "
        f"{rounds} rounds, ratios within a round. Python {platform.python_version()}, NumPy "
        f"{numpy.__version__}, pygit2 {pygit2.__version__}, {platform.machine()}, "
        f"{os.cpu_count()} cores.\n\n| what | time | beside | reach |\n|---|---|---|---|\n"
    )
    return head + "\n".join(rows) + "\n"


if __name__ == "__main__":
    main()
