"""Graded rollouts: replaying their verdicts, and proposing edits from them."""

from __future__ import annotations

import json

from . import _ffi, _wire, edits
from ._record import Record, each, optional, texts
from .errors import ArgumentError, DocumentSyntaxError, ProposalError
from .history import Commit
from .verdicts import MISSING, to_wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from .pin import PinnedRubric
    from .types import Evidence

    Propose = Callable[[PinnedRubric, Sequence[dict[str, Any]]], Mapping[str, Any]]

__all__ = ["Interval", "MetaUpdate", "ProposedEdit", "Proposal", "ReplayReport"]


class Interval(Record):
    """A number with its 95 % interval.

    Attributes
    ----------
    value : float
    lower, upper : float or None
        None from too few rollouts.
    """

    value: float
    lower: float | None
    upper: float | None
    _names = ("value", "lower", "upper")

    def __float__(self) -> float:
        return float(self.value)


class ReplayReport(Record):
    """What the same verdicts earn under two versions.

    `to_dict` has all that ``rubricctl replay --json`` tells.

    Attributes
    ----------
    rubric : str
    from_, to : str
        The full hashes.
    comparability : str
    rejudge : tuple of str
        The criteria whose verdicts do not carry over.
    count : int
        Judgements that were read.
    replayed : int
        Rollouts with both rewards.
    estimated : int
        Those of them with verdicts that were assumed to hold.
    mean_before, mean_after : float or None
        Over the rollouts with both rewards, in units of the reward.
    mean_shift : Interval or None
        From before to after.
    rank_correlation : Interval or None
        Spearman's.
    worst_shift : float or None
    rose, fell, same : int
        Rollouts.
    moved : tuple of dict
        Those that moved most.
    pairs : int
        Pairs of rollout and criterion that must be judged again.
    unscorable_before, unscorable_after : tuple of dict
        ``{"code", "count"}``.
    unread : int
        Lines that could not be read.
    rollouts : tuple of dict
        Each rollout, where asked for.
    """

    rubric: str
    from_: str
    to: str
    comparability: str
    rejudge: tuple[str, ...]
    count: int
    replayed: int
    estimated: int
    mean_before: float | None
    mean_after: float | None
    mean_shift: Interval | None
    rank_correlation: Interval | None
    worst_shift: Any
    rose: int
    fell: int
    same: int
    moved: tuple[dict[str, Any], ...]
    pairs: int
    unscorable_before: tuple[dict[str, Any], ...]
    unscorable_after: tuple[dict[str, Any], ...]
    unread: Any
    rollouts: tuple[dict[str, Any], ...]
    _names = (
        "rubric",
        "from_",
        "to",
        "comparability",
        "rejudge",
        "count",
        "replayed",
        "estimated",
        "mean_before",
        "mean_after",
        "mean_shift",
        "rank_correlation",
        "worst_shift",
        "rose",
        "fell",
        "same",
        "moved",
        "pairs",
        "unscorable_before",
        "unscorable_after",
        "unread",
        "rollouts",
    )
    _keys = {"from_": "from"}
    _readers: dict[str, Callable[[Any], Any]] = {
        "rejudge": texts,
        "mean_shift": optional(Interval),
        "rank_correlation": optional(Interval),
        "moved": lambda value: tuple(value or ()),
        "unscorable_before": lambda value: tuple(value or ()),
        "unscorable_after": lambda value: tuple(value or ()),
        "rollouts": lambda value: tuple(value or ()),
    }

    def __repr__(self) -> str:
        shift = "" if self.mean_shift is None else f", mean shift {self.mean_shift.value:+.4g}"
        return (
            f"<ReplayReport {self.rubric}@{_short(self.from_)} to {_short(self.to)}, "
            f"{self.comparability}, {self.replayed} of {self.count} replayed{shift}>"
        )


class ProposedEdit(Record):
    """An edit of a proposal.

    Attributes
    ----------
    edit : dict
    support : int or None
        How many records back it.
    reasons : tuple of dict
        The checks that it failed, where it was refused.
    """

    edit: dict[str, Any]
    support: int | None
    reasons: tuple[dict[str, Any], ...]
    _names = ("edit", "support", "reasons")
    _readers: dict[str, Callable[[Any], Any]] = {"reasons": lambda value: tuple(value or ())}

    def __str__(self) -> str:
        return edits.words(self.edit)


class Proposal(Record):
    """What was proposed, and what the review let through. `to_dict` has all of it.

    Attributes
    ----------
    rubric : str
    base : str
        The full hash of the commit that it is about.
    proposer : dict or None
    rationale : str
    evidence : dict
        How much there was: ``rollouts``, ``scored``, ``gold``, ….
    edits : tuple of ProposedEdit
        What passed.
    refused : tuple of ProposedEdit
        What did not, with the reasons.
    checks : tuple
        What was measured.
    observations, not_proposed : tuple
        What was seen without an edit.
    """

    rubric: str
    base: str
    proposer: Any
    rationale: str
    evidence: dict[str, Any]
    edits: tuple[ProposedEdit, ...]
    refused: tuple[ProposedEdit, ...]
    checks: tuple[Any, ...]
    observations: tuple[Any, ...]
    not_proposed: tuple[Any, ...]
    _names = (
        "rubric",
        "base",
        "proposer",
        "rationale",
        "evidence",
        "edits",
        "refused",
        "checks",
        "observations",
        "not_proposed",
    )
    _readers: dict[str, Callable[[Any], Any]] = {
        "evidence": lambda value: dict(value or {}),
        "edits": each(ProposedEdit),
        "refused": each(ProposedEdit),
        "checks": lambda value: tuple(value or ()),
        "observations": lambda value: tuple(value or ()),
        "not_proposed": lambda value: tuple(value or ()),
    }

    def __repr__(self) -> str:
        return f"<Proposal for {self._summary()}>"

    def _summary(self) -> str:
        counts = f"{len(self.edits)} edits, {len(self.refused)} refused"
        return f"{self.rubric}@{_short(self.base)}, {counts}"


class MetaUpdate(Record):
    """A meta-update: what was proposed from evidence, and what became of it.

    Attributes
    ----------
    proposal : Proposal
    outcome : Commit or None
        What was committed: what passed the review, or a ``no_change`` with the reasons. None under
        ``dry_run``.
    """

    proposal: Proposal
    outcome: Commit | None
    _names = ("proposal", "outcome")
    _readers: dict[str, Callable[[Any], Any]] = {"proposal": Proposal, "outcome": optional(Commit)}

    @property
    def commit(self) -> str | None:
        """The full hash of the commit; None under ``dry_run``."""
        return None if self.outcome is None else self.outcome.commit

    @property
    def changed(self) -> bool:
        """Whether the rubric is another one now."""
        return self.outcome is not None and self.outcome.comparability not in (None, "identical")

    def __repr__(self) -> str:
        made = "dry run" if self.commit is None else f"committed as {_short(self.commit)}"
        return f"<MetaUpdate of {self.proposal._summary()}, {made}>"


def _short(commit: str | None) -> str:
    return (commit or "?")[:12]


def lines(evidence: Evidence) -> bytes:
    """Evidence as JSON lines."""
    if isinstance(evidence, str):
        if evidence and not evidence.lstrip().startswith("{") and "\n" not in evidence:
            raise ArgumentError(
                f"a str is JSON lines, and {evidence!r} is none",
                hint=f"pathlib.Path({evidence!r}) stands for the file",
            )
        return _encoded(evidence)
    if isinstance(evidence, (bytes, bytearray, memoryview)):
        return bytes(evidence)
    if hasattr(evidence, "__fspath__"):
        return _read(evidence)
    if hasattr(evidence, "keys"):
        raise ArgumentError("evidence is many records, and this is one; put it into a list")
    if not hasattr(evidence, "__iter__"):
        raise ArgumentError(
            f"evidence is JSON lines, a path or mappings, not a {type(evidence).__name__}"
        )
    parts: list[bytes] = []
    for record in evidence:
        if isinstance(record, str):
            parts.append(_encoded(record).rstrip(b"\r\n"))
        elif isinstance(record, (bytes, bytearray, memoryview)):
            parts.append(bytes(record).rstrip(b"\r\n"))
        else:
            parts.append(_wire.dumps(_judged(record)))
    return b"".join([part + b"\n" for part in parts])


def _judged(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record whose verdicts may be what `PinnedRubric.score` takes."""
    members = {key: record[key] for key in record.keys()}
    verdicts = members.get("verdicts")
    if verdicts is not None and hasattr(verdicts, "keys"):
        wires = {id: to_wire(id, verdicts[id]) for id in verdicts.keys()}
        members["verdicts"] = {id: wire for id, wire in wires.items() if wire is not MISSING}
    return {key: value for key, value in members.items() if value is not None}


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise ArgumentError("the evidence has characters that are not Unicode") from None


def _read(path: os.PathLike[str]) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def records(data: bytes) -> list[dict[str, Any]]:
    """JSON lines as mappings, for a proposer of one's own."""
    found: list[dict[str, Any]] = []
    for number, line in enumerate(data.split(b"\n"), 1):
        if line.strip():
            try:
                found.append(json.loads(line))
            except ValueError as error:
                raise DocumentSyntaxError(f"line {number} of the evidence: {error}") from None
    return found


def proposal(propose: Propose, pin: PinnedRubric, data: bytes) -> dict[str, Any]:
    """Asks a proposer of the caller's, as the library wants to have it."""
    made = propose(pin, records(data))
    if not hasattr(made, "keys") or "edits" not in made.keys():
        raise ProposalError(
            "the proposer's answer has no `edits`",
            hint='a proposal is {"name", "rationale", "edits": [{"edit": {…}, "support": 12}]}',
        )
    members = {key: made[key] for key in made.keys()}
    members.setdefault("name", getattr(propose, "__name__", type(propose).__name__))
    # An edit may stand alone where its support is not known.
    members["edits"] = [
        item if "edit" in item else {"edit": item, "support": 0} for item in members["edits"]
    ]
    return members


def policy_text(policy: str | os.PathLike[str] | Mapping[str, Any] | None) -> str | None:
    """A policy as YAML, of which JSON is a part."""
    if policy is None or isinstance(policy, str):
        return policy
    if hasattr(policy, "__fspath__"):
        return _read(policy).decode()
    return _wire.dumps(policy).decode()


def update(handle: int, request: bytes, data: bytes) -> MetaUpdate:
    """Makes the call of a meta-update."""
    return MetaUpdate(
        _ffi.answer_json(_ffi.lib.rs_evidence_update, handle, request, data, len(data))
    )
