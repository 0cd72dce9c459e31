"""Rubrics, versioned as git versions code, for programs that train with them.

>>> from rubricstore import Store
>>> with Store.open("runs") as store:                                    # doctest: +SKIP
...     pin = store.pull("essay@main")
...     score = pin.score({"flow": 4, "style": "na"})
...     batch = pin.score_batch(verdicts)           # float64[rollouts, criteria]

A `Store` is a git repository; a `PinnedRubric` is a rubric at one commit, which shows itself to a
judge (`prompt`, `schema`) and turns verdicts into rewards (`score`, `score_batch`). Everything that
fails is a `RubricStoreError`.
"""

from __future__ import annotations

from ._lazy import load
from ._version import __version__
from .errors import (
    AbiError,
    ArgumentError,
    ClosedError,
    ContendedError,
    CorruptError,
    DirtyError,
    DocumentError,
    DocumentSyntaxError,
    EditError,
    ExistsError,
    Finding,
    GitError,
    InternalError,
    LimitError,
    MergeError,
    NotFoundError,
    NothingToCommit,
    ProposalError,
    RefusedError,
    RevisionError,
    RubricStoreError,
    StoreIOError,
    TransportError,
    UnscorableError,
)
from .pin import Column, PinnedRubric, pull_cached
from .store import Store, validate
from .verdicts import NA, Failed, NotApplicable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from . import edits, errors
    from .batch import BatchScore, Mask
    from .document import Criterion, Level, Rubric, Scale
    from .evidence import MetaUpdate, Proposal, ReplayReport
    from .follow import Follower
    from .history import (
        Branch,
        Commit,
        Conflict,
        Diff,
        LogEntry,
        MergedRubric,
        MergeReport,
        Note,
        Notes,
        Resolved,
        StampCheck,
        Tag,
    )
    from .score import Contribution, Gate, MissingVerdict, Score, Unscorable
    from .types import Edit, Verdict

__all__ = [
    "AbiError",
    "ArgumentError",
    "BatchScore",
    "Branch",
    "ClosedError",
    "Column",
    "Commit",
    "Conflict",
    "ContendedError",
    "Contribution",
    "CorruptError",
    "Criterion",
    "Diff",
    "DirtyError",
    "DocumentError",
    "DocumentSyntaxError",
    "Edit",
    "EditError",
    "ExistsError",
    "Failed",
    "Finding",
    "Follower",
    "Gate",
    "GitError",
    "InternalError",
    "Level",
    "LimitError",
    "LogEntry",
    "Mask",
    "MergeError",
    "MergeReport",
    "MergedRubric",
    "MetaUpdate",
    "MissingVerdict",
    "NA",
    "NotApplicable",
    "NotFoundError",
    "Note",
    "Notes",
    "NothingToCommit",
    "PinnedRubric",
    "Proposal",
    "ProposalError",
    "RefusedError",
    "ReplayReport",
    "Resolved",
    "RevisionError",
    "Rubric",
    "RubricStoreError",
    "Scale",
    "Score",
    "StampCheck",
    "Store",
    "StoreIOError",
    "Tag",
    "TransportError",
    "Unscorable",
    "UnscorableError",
    "Verdict",
    "__version__",
    "edits",
    "errors",
    "library_version",
    "pull_cached",
    "validate",
]

# What is loaded when it is first asked for: an import costs a process that only pulls nothing.
_LAZY = {
    "batch": ("BatchScore", "Mask"),
    "document": ("Criterion", "Level", "Rubric", "Scale"),
    "evidence": ("MetaUpdate", "Proposal", "ReplayReport"),
    "follow": ("Follower",),
    "history": (
        "Branch",
        "Commit",
        "Conflict",
        "Diff",
        "LogEntry",
        "MergeReport",
        "MergedRubric",
        "Note",
        "Notes",
        "Resolved",
        "StampCheck",
        "Tag",
    ),
    "score": ("Contribution", "Gate", "MissingVerdict", "Score", "Unscorable"),
    "types": ("Edit", "Verdict"),
}


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    if name == "edits":
        return load(f"{__name__}.edits")
    for module, names in _LAZY.items():
        if name in names:
            value = getattr(load(f"{__name__}.{module}"), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*__all__, *globals()})


def library_version() -> str:
    """The version of the library that is loaded; in a wheel it is `__version__`."""
    from . import _ffi

    version: bytes = _ffi.lib.rs_library_version()
    return version.decode()
