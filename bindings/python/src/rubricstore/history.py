"""What the store tells of its history: commits, differences, merges, notes."""

from __future__ import annotations

from datetime import datetime

from ._lazy import Lazy
from ._record import Record, each, optional, texts
from .errors import ArgumentError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from . import edits, html
else:
    edits = Lazy("rubricstore.edits")
    html = Lazy("rubricstore.html")

__all__ = [
    "Branch",
    "Commit",
    "Conflict",
    "Diff",
    "Head",
    "LogEntry",
    "MergeReport",
    "MergedRubric",
    "Note",
    "Notes",
    "Resolved",
    "StampCheck",
    "StampProblem",
    "Tag",
]


class Head(Record):
    """What is checked out.

    Attributes
    ----------
    name : str
        The branch, or the hash of a detached HEAD.
    branch : bool
        Whether it is a branch.
    commit : str or None
        The full hash; None where the branch has no commit yet.
    """

    name: str
    branch: bool
    commit: str | None
    _names = ("name", "branch", "commit")


class Resolved(Record):
    """What a revision stands for now.

    Attributes
    ----------
    rubric : str
    commit : str
        The full hash.
    branch : str or None
        The branch that was named.
    """

    rubric: str
    commit: str
    branch: str | None
    _names = ("rubric", "commit", "branch")

    @property
    def name(self) -> str:
        """``"essay@<full hash>"``."""
        return f"{self.rubric}@{self.commit}"


class Branch(Record):
    """A branch.

    Attributes
    ----------
    name : str
    commit : str or None
        The full hash of its tip; None where there is no commit yet.
    head : bool
        Whether it is what HEAD names.
    """

    name: str
    commit: str | None
    head: bool
    _names = ("name", "commit", "head")

    def __str__(self) -> str:
        return self.name


class Tag(Record):
    """A tag.

    Attributes
    ----------
    name : str
    commit : str
        The full hash of the commit that it names.
    message : str or None
        Of an annotated tag.
    """

    name: str
    commit: str
    message: str | None
    _names = ("name", "commit", "message")
    _readers: dict[str, Callable[[Any], Any]] = {
        "message": optional(lambda value: value.rstrip("\n"))
    }

    def __str__(self) -> str:
        return self.name


class Commit(Record):
    """What was committed, or under ``dry_run`` would be.

    Attributes
    ----------
    commit : str or None
        The full hash; None under ``dry_run``.
    parent : str or None
    branch : str
    rubric : str
    kind : str
        ``created``, ``edited`` or ``removed``.
    edits : tuple of dict
        As they were made, complete: with ``before`` and ``after``.
    comparability : str or None
        What the change means for scores: ``identical``, ``cosmetic``, ``recompute``, ``rejudge`` or
        ``incomparable``; None for a new rubric.
    rejudge : tuple of str
        The criteria that must be judged again.
    retries : int
        How often others had moved the branch meanwhile.
    warning : str or None
        What was left alone in the work tree.
    notes : tuple of str
        Remarks of an import.
    """

    commit: str | None
    parent: str | None
    branch: str | None
    rubric: str
    kind: str
    edits: tuple[dict[str, Any], ...]
    comparability: str | None
    rejudge: tuple[str, ...]
    retries: int
    warning: str | None
    notes: tuple[str, ...]
    _names = (
        "commit",
        "parent",
        "branch",
        "rubric",
        "kind",
        "edits",
        "comparability",
        "rejudge",
        "retries",
        "warning",
        "notes",
    )
    _readers: dict[str, Callable[[Any], Any]] = {
        "edits": tuple,
        "rejudge": texts,
        "notes": texts,
        "retries": lambda value: value or 0,
    }

    @property
    def name(self) -> str:
        """``"essay@<full hash>"``, for `Store.pull`."""
        if self.commit is None:
            raise ArgumentError("nothing was committed: this was a dry run")
        return f"{self.rubric}@{self.commit}"

    def __str__(self) -> str:
        place = (self.commit or "dry run")[:12]
        if len(self.edits) == 1:
            return f"[{self.branch} {place}] {self.rubric}: {edits.words(self.edits[0])}"
        return f"[{self.branch} {place}] {self.rubric}: {self.kind}, {len(self.edits)} edits"


class LogEntry(Record):
    """What one commit changed, and why.

    Attributes
    ----------
    commit : str
        The full hash.
    parents : tuple of str
    author : str
    date : datetime
        When, with its time zone.
    subject : str
    rubric : str
    kind : str
        ``created``, ``edited``, ``removed`` or ``merged``.
    edits : tuple of dict
    proposer : dict or None
        ``{"author": "human" | "meta" | "import", "name": str}``.
    comparability : str or None
    rejudge : tuple of str
    settled : tuple of dict
        What a merge settled.
    recorded : bool
        Whether the commit says so itself, or it was worked out.
    problem : str or None
        Why it cannot be told.
    source : dict or None
        The commit that edits were picked from, or undone of.
    provenance : dict or None
        What the edits rest on.
    metrics : dict
        The latest of each metric, where asked for.
    """

    commit: str
    parents: tuple[str, ...]
    author: Any
    date: datetime
    subject: str
    rubric: str
    kind: str
    edits: tuple[dict[str, Any], ...]
    proposer: dict[str, Any] | None
    comparability: str | None
    rejudge: tuple[str, ...]
    settled: tuple[dict[str, Any], ...]
    recorded: bool
    problem: str | None
    source: dict[str, Any] | None
    provenance: dict[str, Any] | None
    metrics: dict[str, Any]
    _names = (
        "commit",
        "parents",
        "author",
        "date",
        "subject",
        "rubric",
        "kind",
        "edits",
        "proposer",
        "comparability",
        "rejudge",
        "settled",
        "recorded",
        "problem",
        "source",
        "provenance",
        "metrics",
    )
    _readers: dict[str, Callable[[Any], Any]] = {
        "parents": texts,
        "date": lambda value: _moment(value),
        "edits": lambda value: tuple(value or ()),
        "rejudge": texts,
        "settled": lambda value: tuple(value or ()),
        "metrics": lambda value: dict(value or {}),
    }

    @property
    def name(self) -> str:
        """``"essay@<full hash>"``, for `Store.pull`."""
        return f"{self.rubric}@{self.commit}"

    def __str__(self) -> str:
        lines = [f"    {edits.words(edit)}" for edit in self.edits]
        return "\n".join([f"{self.commit[:12]} {self.subject}", *lines])


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text[:-1] + "+00:00" if text.endswith("Z") else text)


class Diff(Record):
    """How two versions of a rubric differ. It is true if they do.

    Attributes
    ----------
    rubric : str
    from_, to : str
        The full hashes.
    comparability : str
        What it means for scores: ``identical``, ``cosmetic``, ``recompute`` (the same verdicts are
        scored again), ``rejudge`` (the judge is asked again about some criteria) or
        ``incomparable``.
    rejudge : tuple of str
        The criteria that must be judged again.
    sentence : str
        The same in words.
    edits : tuple of dict
        What leads from one to the other.
    """

    rubric: str
    from_: str
    to: str
    comparability: str
    rejudge: tuple[str, ...]
    sentence: str
    edits: tuple[dict[str, Any], ...]
    _names = ("rubric", "from_", "to", "comparability", "rejudge", "sentence", "edits")
    _keys = {"from_": "from"}
    _readers: dict[str, Callable[[Any], Any]] = {"rejudge": texts, "edits": tuple}

    def __bool__(self) -> bool:
        return self.comparability != "identical"

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.edits)

    def __len__(self) -> int:
        return len(self.edits)

    def __str__(self) -> str:
        lines = [f"{self.rubric} {self.from_[:12]}..{self.to[:12]}: {self.sentence}"]
        return "\n".join(lines + [f"  {edits.words(edit)}" for edit in self.edits])

    def _repr_html_(self) -> str:
        return html.diff(self)


class Conflict(Record):
    """What two sides changed and did not agree on. A value, not an error.

    Attributes
    ----------
    rubric : str
    code : str
        ``both_changed``, ``both_added``, ``changed_and_removed``, ``moved_apart``, ``cycle``,
        ``inconsistent``, ``id_reused`` or ``schema_differs``.
    path : str
        The place, such as ``essay/flow.weight``.
    criterion, field : str or None
    base, ours, theirs
        What stands there; None also where nothing does.
    our_causes, their_causes : tuple of dict
        The edits that led to it: ``{"commit", "edit"}``.
    message : str
    rules : tuple of str
        What settles it: ``f"{conflict.path}={rule}"`` in ``settle``.
    takes_value : bool
        Whether a value settles it too.
    """

    rubric: str
    code: str
    path: str
    criterion: str | None
    field: str | None
    base: Any
    ours: Any
    theirs: Any
    our_causes: tuple[dict[str, Any], ...]
    their_causes: tuple[dict[str, Any], ...]
    message: str
    rules: tuple[str, ...]
    takes_value: bool
    _names = (
        "code",
        "path",
        "criterion",
        "field",
        "base",
        "ours",
        "theirs",
        "our_causes",
        "their_causes",
        "message",
        "rules",
        "takes_value",
    )
    # These come as they stand in the merge commit, in snake case.
    _keys = {
        "our_causes": "our_causes",
        "their_causes": "their_causes",
        "takes_value": "takes_value",
    }
    _readers: dict[str, Callable[[Any], Any]] = {
        "our_causes": lambda value: tuple(value or ()),
        "their_causes": lambda value: tuple(value or ()),
        "rules": texts,
    }

    def __init__(self, data: dict[str, Any], rubric: str = "") -> None:
        super().__init__(data)
        self.__dict__["rubric"] = rubric

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._data, self.rubric)

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class MergedRubric(Record):
    """What a merge made of one rubric.

    Attributes
    ----------
    rubric : str
    ours, theirs : dict or None
        What each side did since the base: ``{"change", "edits", "comparability", "rejudge"}``.
    conflicts : tuple of Conflict
    settled, notes : tuple of dict
        What was settled; what merged cleanly and means something else together.
    """

    rubric: str
    ours: dict[str, Any] | None
    theirs: dict[str, Any] | None
    conflicts: tuple[Conflict, ...]
    settled: tuple[dict[str, Any], ...]
    notes: tuple[dict[str, Any], ...]
    _names = ("rubric", "ours", "theirs", "conflicts", "settled", "notes")
    _readers: dict[str, Callable[[Any], Any]] = {
        "settled": lambda value: tuple(value or ()),
        "notes": lambda value: tuple(value or ()),
    }

    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__(data)
        self.__dict__["conflicts"] = tuple(
            [Conflict(item, self.rubric) for item in data.get("conflicts") or ()]
        )


class MergeReport(Record):
    """What a merge came to.

    Attributes
    ----------
    kind : str
        ``up_to_date``, ``fast_forward``, ``merged``, or ``conflicts``: then nothing was committed.
    branch, revision : str
        Into what, and what.
    ours, theirs : str
        The full hashes of both sides.
    bases : tuple of str
    commit : str or None
        The branch's new tip.
    dry_run, kept : bool
    rubrics : tuple of MergedRubric
    retries : int
    """

    kind: str
    branch: str
    revision: str
    ours: str
    theirs: str
    bases: tuple[str, ...]
    commit: str | None
    dry_run: bool
    kept: bool
    rubrics: tuple[MergedRubric, ...]
    retries: int
    _names = (
        "kind",
        "branch",
        "revision",
        "ours",
        "theirs",
        "bases",
        "commit",
        "dry_run",
        "kept",
        "rubrics",
        "retries",
    )
    _keys = {"dry_run": "dry_run"}
    _readers: dict[str, Callable[[Any], Any]] = {
        "bases": texts,
        "rubrics": each(MergedRubric),
        "dry_run": bool,
        "kept": bool,
        "retries": lambda value: value or 0,
    }

    @property
    def ok(self) -> bool:
        """Whether nothing is left to settle."""
        return self.kind != "conflicts"

    def __bool__(self) -> bool:
        return self.ok

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """The conflicts of all rubrics that are not settled."""
        return tuple([conflict for rubric in self.rubrics for conflict in rubric.conflicts])

    def __str__(self) -> str:
        lines = [f"{self.kind}: {self.revision} into {self.branch}"]
        return "\n".join(lines + [f"  {conflict}" for conflict in self.conflicts])


class Note(Record):
    """A number that was measured about a commit.

    Attributes
    ----------
    metric : str
    value : float
    step : int or None
        Of the training.
    at : datetime or None
    rubric : str or None
        None for all rubrics of the commit.
    message : str or None
    """

    metric: str
    value: float
    step: int | None
    at: datetime | None
    rubric: str | None
    message: str | None
    _names = ("metric", "value", "step", "at", "rubric", "message")
    _readers: dict[str, Callable[[Any], Any]] = {"at": optional(lambda value: _moment(value))}

    def __str__(self) -> str:
        step = "" if self.step is None else f" at step {self.step}"
        return f"{self.metric} = {self.value:g}{step}"


class Notes(Record):
    """What was noted about a commit: a sequence of `Note`.

    Attributes
    ----------
    commit : str
        The full hash.
    metrics : tuple of Note
    remarks : tuple of str
        Lines of other kinds.
    """

    commit: str
    metrics: tuple[Note, ...]
    remarks: tuple[str, ...]
    _names = ("commit", "metrics", "remarks")
    _readers: dict[str, Callable[[Any], Any]] = {"metrics": each(Note), "remarks": texts}

    def __iter__(self) -> Iterator[Note]:
        return iter(self.metrics)

    def __len__(self) -> int:
        return len(self.metrics)

    def __getitem__(self, index: int) -> Note:
        return self.metrics[index]


class StampProblem(Record):
    """What is wrong with a stamp.

    Attributes
    ----------
    field : str
    expected, found
    message : str
    """

    field: str
    expected: Any
    found: Any
    message: str
    _names = ("field", "expected", "found", "message")

    def __str__(self) -> str:
        return self.message


class StampCheck(Record):
    """Whether a reward's stamp holds. It is true if it does.

    Attributes
    ----------
    valid : bool
    rubric, commit : str or None
    rescored : bool
        Whether the reward was worked out again, which takes the verdicts: a stamp alone says what a
        reward came from, not what it was.
    problems : tuple of StampProblem
    """

    valid: bool
    rubric: str | None
    commit: str | None
    rescored: bool
    problems: tuple[StampProblem, ...]
    _names = ("valid", "rubric", "commit", "rescored", "problems")
    _readers: dict[str, Callable[[Any], Any]] = {
        "rescored": bool,
        "problems": each(StampProblem),
    }

    def __bool__(self) -> bool:
        return self.valid
