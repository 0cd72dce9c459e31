"""The rubrics and stores that tests work on."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

import rubricstore
from rubricstore import PinnedRubric, Store

# Programs that tests start import the same package as the tests.
HOME = str(Path(rubricstore.__file__).parents[1])
if "site-packages" not in HOME:
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [HOME, os.environ.get("PYTHONPATH")]))

AUTHOR = {
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}

ESSAY = """\
schema: rubric/1
id: essay
title: Ein Aufsatz, größer als „gut“
aggregation:
  missing: error
criteria:
  - id: flow
    title: Logical flow
    text: Does each paragraph follow from the one before?
    weight: 3
    scale:
      numeric: {min: 0, max: 5, step: 1}
    lower_when:
      - The text is only a title.
    gate: {min: 2, effect: cap, cap: 0.4}
  - id: style
    criteria:
      - id: words
        text: Are the words exact?
        weight: 2
        scale:
          numeric: {min: 0, max: 10}
      - id: rhythm
        text: Is it good to read aloud?
        applies_when: The text is prose.
  - id: padding
    text: Says the same thing twice.
    polarity: negative
    pinned: true
  - id: length
    text: Is it long?
    status: diagnostic
  - id: spelling
    text: No mistakes.
    status: inactive
postamble: A text of two or three sentences earns no more than 2 points.
"""

COLUMNS = ("flow", "words", "rhythm", "padding", "length")

GOOD = {"flow": 4, "words": 7.5, "rhythm": True, "padding": 0, "length": 1}


@pytest.fixture(autouse=True, scope="session")
def author() -> None:
    os.environ.update(AUTHOR)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store with one rubric and one commit."""
    store = Store.create(tmp_path / "runs")
    store.add(ESSAY, because="where the run starts")
    return store


@pytest.fixture(scope="session")
def shared_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """One that no test writes to."""
    store = Store.create(tmp_path_factory.mktemp("shared") / "runs")
    store.add(ESSAY, because="where the run starts")
    return store


@pytest.fixture(scope="session")
def pin(shared_store: Store) -> PinnedRubric:
    return shared_store.pull("essay@main")


def git(store: Store, *arguments: str) -> str:
    """What a git command prints."""
    done = subprocess.run(
        ["git", "-C", store.path, *arguments], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def ladder(levels: int) -> str:
    """A rubric with many criteria."""
    criteria = "".join(
        f"  - {{id: c{number}, text: number {number}, weight: {number % 7 + 1}, "
        f"scale: {{numeric: {{min: 0, max: 5}}}}}}\n"
        for number in range(levels)
    )
    return f"schema: rubric/1\nid: ladder\ncriteria:\n{criteria}"
