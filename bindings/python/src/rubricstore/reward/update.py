"""A meta-update in the midst of a training."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..errors import RubricStoreError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..evidence import MetaUpdate, Propose
    from ..pin import PinnedRubric
    from ..store import Store
    from ..types import Author

__all__ = ["Settings", "Update", "update"]

logger = logging.getLogger("rubricstore.reward")


@dataclass(frozen=True)
class Settings:
    """How meta-updates are made: as `Store.meta_update` takes them."""

    proposer: Propose | None
    policy: Any
    author: Author | None


@dataclass(frozen=True)
class Update:
    """What became of a meta-update.

    Attributes
    ----------
    step : int
        It was made before this step was graded.
    base : str
        The full hash of the commit that it was about.
    commit : str or None
        What it committed: edits, or a ``no_change`` with the reasons. None where it failed.
    changed : bool
        Whether the rubric is another one now.
    records : int
        How many graded rollouts it was given.
    sentence : str
        The head of the rationale, or what it failed of.
    result : MetaUpdate or None
        All of it; None where it failed.
    """

    step: int
    base: str
    commit: str | None
    changed: bool
    records: int
    sentence: str
    result: MetaUpdate | None = field(repr=False)

    @property
    def failed(self) -> bool:
        """Whether it failed; the step is graded by the rubric as it was."""
        return self.result is None

    def __str__(self) -> str:
        what = "failed" if self.failed else "committed" if self.changed else "changed nothing"
        place = f" {self.commit[:12]}" if self.commit else ""
        return (
            f"meta-update before step {self.step} {what}{place} from {self.records} rollouts: "
            f"{self.sentence}"
        )


def update(
    store: Store, pin: PinnedRubric, branch: str, step: int, records: list[Any], how: Settings
) -> Update:
    """Hands graded rollouts to the meta-editor. A failure is told, and ends no training."""
    try:
        made = store.meta_update(
            records,
            rubric=pin.id,
            branch=branch,
            proposer=how.proposer,
            policy=how.policy,
            author=how.author,
        )
    except Exception as error:  # A proposer is anyone's program.
        logger.debug("the meta-update before step %d failed", step, exc_info=True)
        sentence = str(error)
        if not isinstance(error, RubricStoreError):
            sentence = f"{type(error).__name__}: {sentence}"
        return Update(step, pin.commit, None, False, len(records), sentence, None)
    return Update(
        step,
        made.proposal.base,
        made.commit,
        made.changed,
        len(records),
        _line(made.proposal.rationale),
        made,
    )


def note(
    store: Store, pin: PinnedRubric, step: int, records: Sequence[dict[str, Any]]
) -> RubricStoreError | None:
    """Notes what a version earned, for ``rubricctl log --metrics``; a failure is answered."""
    own = [record for record in records if record.get("rubric") == pin.name]
    metrics: dict[str, float] = {}
    for key in ("reward", "gold"):
        values = [float(record[key]) for record in own if record.get(key) is not None]
        if values:
            metrics[key] = math.fsum(values) / len(values)
    if not metrics:
        return None
    try:
        store.note(pin.name, metrics, step=step)
    except RubricStoreError as error:
        return error
    return None


def _line(text: str) -> str:
    return text.strip().partition("\n")[0]
