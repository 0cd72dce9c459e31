"""The exceptions of the package.

All of them are `RubricStoreError`; the classes below it are one for each kind of failure that a
program may want to answer in its own way.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

__all__ = [
    "AbiError",
    "ArgumentError",
    "ClosedError",
    "ContendedError",
    "CorruptError",
    "DirtyError",
    "DocumentError",
    "DocumentSyntaxError",
    "EditError",
    "ExistsError",
    "Finding",
    "GitError",
    "InternalError",
    "LimitError",
    "MergeError",
    "NotFoundError",
    "NothingToCommit",
    "ProposalError",
    "RefusedError",
    "RevisionError",
    "RubricStoreError",
    "StoreIOError",
    "TransportError",
    "UnscorableError",
]


class Finding:
    """One thing that is wrong with a text, and where.

    Attributes
    ----------
    code : str
        Its kind in snake case, such as ``"unknown_key"``.
    file : str
        The name of the text; empty where it has none.
    line, column : int or None
        The place, both from 1.
    path : str
        The place in the document, such as ``criteria[2].weight``.
    message, hint : str
        What was found and expected; what to do about it (None if there is nothing to say).
    """

    __slots__ = ("code", "column", "file", "hint", "line", "message", "path")

    def __init__(
        self,
        code: str,
        message: str,
        *,
        file: str = "",
        line: int | None = None,
        column: int | None = None,
        path: str = "",
        hint: str | None = None,
    ) -> None:
        self.code = code
        self.message = message
        self.file = file
        self.line = line
        self.column = column
        self.path = path
        self.hint = hint

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Finding:
        """The finding of a JSON object of the library's."""
        return cls(
            data.get("code") or "",
            data.get("message") or "",
            file=data.get("file") or "",
            line=data.get("line"),
            column=data.get("column"),
            path=data.get("path") or "",
            hint=data.get("hint"),
        )

    def _key(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, Finding) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        text = f"{place}: {self.message}" if place else self.message
        return f"{text} ({self.hint})" if self.hint else text

    def __repr__(self) -> str:
        return f"Finding({str(self)!r}, code={self.code!r}, path={self.path!r})"


class RubricStoreError(Exception):
    """Anything that this package fails of.

    Attributes
    ----------
    message : str
        What was found and what was expected, in one sentence. ``str()`` of the exception has the
        findings and the hint too.
    code : str
        The finer kind, in snake case, such as ``"before_mismatch"``.
    hint : str or None
        What to do about it.
    findings : tuple of Finding
        What is wrong with a text, place by place.
    criterion, field : str or None
        What an edit failed at.
    edit : int or None
        Which edit of a list failed, from 0.
    """

    default_code = "error"

    message: str
    code: str
    hint: str | None
    findings: tuple[Finding, ...]
    criterion: str | None
    field: str | None
    edit: int | None

    def __init__(
        self,
        message: str = "",
        *,
        code: str = "",
        hint: str | None = None,
        findings: Sequence[Finding] = (),
        criterion: str | None = None,
        field: str | None = None,
        edit: int | None = None,
        text: str = "",
    ) -> None:
        self.message = message
        self.code = code or self.default_code
        self.hint = hint
        self.findings = tuple(findings)
        self.criterion = criterion
        self.field = field
        self.edit = edit
        self._text = text
        super().__init__(message)

    def __str__(self) -> str:
        if self._text:
            return self._text
        lines = "".join(f"\n  {finding}" for finding in self.findings[:20])
        return self.message + lines + (f" ({self.hint})" if self.hint else "")

    # Exceptions go from workers to the process that started them.
    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.message, self.__dict__.copy())


def _rebuild(kind: type[RubricStoreError], message: str, state: dict[str, Any]) -> RubricStoreError:
    error = kind(message)
    error.__dict__.update(state)
    return error


class ArgumentError(RubricStoreError, ValueError):
    """An argument is of the wrong shape, out of range, or not text."""

    default_code = "argument"


class ClosedError(RubricStoreError, ValueError):
    """A store, pin or follower was used after it was closed."""

    default_code = "closed"


class AbiError(RubricStoreError, ImportError):
    """The library cannot be loaded, or is not the one that the package was written for."""

    default_code = "abi"


class NotFoundError(RubricStoreError, LookupError):
    """There is no such repository, rubric, branch, tag, commit or criterion (any more)."""

    default_code = "not_found"


class ExistsError(RubricStoreError):
    """There is one of that name already."""

    default_code = "exists"


class RevisionError(RubricStoreError, ValueError):
    """A name or revision is malformed, or stands for several things."""

    default_code = "name"


class DocumentSyntaxError(RubricStoreError, ValueError):
    """YAML or JSON cannot be read; `findings` have line and column."""

    default_code = "syntax"


class DocumentError(RubricStoreError):
    """A stored rubric, or a commit's record, is not valid."""

    default_code = "document"


class EditError(RubricStoreError):
    """Edits cannot be made: they clash with what is there, or touch what is pinned."""

    default_code = "edit"


class NothingToCommit(RubricStoreError):
    """The edits leave everything as it is."""

    default_code = "nothing"


class MergeError(RubricStoreError):
    """A settlement does not fit, or a merge is not finished. (Conflicts are no error.)"""

    default_code = "merge"


class ContendedError(RubricStoreError):
    """Others move the branch, or hold its lock; try again."""

    default_code = "contended"


class DirtyError(RubricStoreError):
    """The work tree has changes that would be lost."""

    default_code = "dirty"


class RefusedError(RubricStoreError, PermissionError):
    """A repository of another user, or of an unknown format."""

    default_code = "refused"


class CorruptError(RubricStoreError):
    """Bytes do not match their hash."""

    default_code = "corrupt"


class LimitError(RubricStoreError):
    """Something is larger than a limit."""

    default_code = "limit"


class StoreIOError(RubricStoreError, OSError):
    """Reading or writing failed."""

    default_code = "io"


class TransportError(RubricStoreError, ConnectionError):
    """Another machine could not be reached, or refused."""

    default_code = "transport"


class ProposalError(RubricStoreError):
    """Evidence, or a proposal, cannot be used."""

    default_code = "proposal"


class GitError(RubricStoreError):
    """Anything else that git reports."""

    default_code = "git"


class InternalError(RubricStoreError):
    """A fault of the library itself; please report it."""

    default_code = "internal"


class UnscorableError(RubricStoreError, ValueError):
    """A judgement has no reward, and a number was asked for.

    Attributes
    ----------
    reasons : tuple of Unscorable
        Why there is none.
    """

    default_code = "unscorable"
    reasons: tuple[Any, ...] = ()


_BY_STATUS: dict[int, type[RubricStoreError]] = {
    1: ArgumentError,
    2: ClosedError,
    3: AbiError,
    4: NotFoundError,
    5: ExistsError,
    6: RevisionError,
    7: DocumentSyntaxError,
    8: DocumentError,
    9: EditError,
    10: NothingToCommit,
    11: MergeError,
    12: ContendedError,
    13: DirtyError,
    14: RefusedError,
    15: CorruptError,
    16: LimitError,
    17: StoreIOError,
    18: TransportError,
    19: ProposalError,
    20: GitError,
    21: InternalError,
}


def of_status(data: dict[str, Any], text: str) -> RubricStoreError:
    """The exception for an error of the library's.

    Parameters
    ----------
    data : dict
        What ``rs_error_json()`` says.
    text : str
        What ``rs_error_message()`` says.
    """
    kind = _BY_STATUS.get(data.get("status", 0), RubricStoreError)
    return kind(
        data.get("message") or text,
        code=data.get("code") or "",
        hint=data.get("hint"),
        findings=[Finding.from_json(item) for item in data.get("findings") or ()],
        criterion=data.get("criterion"),
        field=data.get("field"),
        edit=data.get("edit"),
        text=text,
    )
