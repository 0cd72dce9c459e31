"""A rubric with a loophole, and who judges by it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from rubricstore import PinnedRubric, Store, edits
from rubricstore.reward import Rollout

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


def made(path: str) -> Store:
    """A store with the rubric, and a branch to follow."""
    store = Store.create(path)
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
