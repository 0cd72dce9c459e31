"""What a judge says of a criterion, and how it is handed to the library."""

from __future__ import annotations

from .errors import ArgumentError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Final

__all__ = ["NA", "Failed", "NotApplicable"]


class NotApplicable:
    """The verdict that a criterion does not apply; `NA` is the only one."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "NA"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NotApplicable)

    def __hash__(self) -> int:
        return hash(NotApplicable)

    def __reduce__(self) -> str:
        return "NA"


NA: Final = NotApplicable()
"""The criterion does not apply. The text ``"na"`` is the same."""


class Failed:
    """The verdict that the judge failed; never a number.

    Parameters
    ----------
    reason : str
        What happened, such as ``"timeout"``.
    """

    __slots__ = ("reason",)

    def __init__(self, reason: str = "the judge failed") -> None:
        self.reason = str(reason)

    def __repr__(self) -> str:
        return f"Failed({self.reason!r})"

    def __eq__(self, other: object) -> bool:
        return self.reason == other.reason if isinstance(other, Failed) else NotImplemented

    def __hash__(self) -> int:
        return hash((Failed, self.reason))


MISSING: Final = object()
"""There is no verdict, which the library is told by leaving it out."""


def by_id(verdicts: Mapping[str, Any] | Sequence[Any], ids: Sequence[str]) -> Mapping[str, Any]:
    """Verdicts by the criterion's id, of a mapping or of a sequence in the order of the columns."""
    if hasattr(verdicts, "keys"):
        return verdicts  # type: ignore[return-value]
    if isinstance(verdicts, (str, bytes)) or not hasattr(verdicts, "__iter__"):
        raise ArgumentError(
            f"verdicts are a mapping of ids or a sequence, not a {type(verdicts).__name__}"
        )
    values = list(verdicts)
    if len(values) != len(ids):
        raise ArgumentError(
            f"there are {len(values)} verdicts in a row and the rubric has {len(ids)} columns",
            hint="a sequence has one verdict a column; None where there is none",
        )
    return dict(zip(ids, values, strict=True))


def to_wire(criterion: str, verdict: Any) -> Any:
    """A verdict as JSON has it, or `MISSING`."""
    kind = type(verdict)
    if kind is bool or kind is int or kind is str:
        return verdict
    if kind is float or isinstance(verdict, float):
        return _number(criterion, float(verdict))
    if verdict is None:
        return MISSING
    if isinstance(verdict, NotApplicable):
        return "na"
    if isinstance(verdict, Failed):
        return {"error": verdict.reason}
    if isinstance(verdict, BaseException):
        return {"error": f"{kind.__name__}: {verdict}"}
    if hasattr(verdict, "keys"):
        return _answer(criterion, verdict)
    if hasattr(verdict, "item"):  # NumPy's and torch's numbers
        try:
            return to_wire(criterion, verdict.item())
        except (ValueError, RuntimeError):
            pass
    elif hasattr(verdict, "__float__"):
        return _number(criterion, float(verdict))
    raise ArgumentError(
        f"the verdict of `{criterion}` is a {kind.__name__}",
        hint='a verdict is a number, True or False, "na", None, a mapping, NA or Failed(reason)',
        criterion=criterion,
    )


def _answer(criterion: str, verdict: Mapping[str, Any]) -> Any:
    """A judge's answer such as ``{"reason": "…", "verdict": 3}``."""
    answer = {key: verdict[key] for key in verdict.keys()}
    for key in ("value", "verdict"):
        if key in answer:
            value = to_wire(criterion, answer[key])
            if value is MISSING:
                return MISSING
            answer[key] = value
    return answer


def _number(criterion: str, value: float) -> Any:
    if value != value:
        return MISSING
    if value in (float("inf"), float("-inf")):
        raise ArgumentError(
            f"the verdict of `{criterion}` is infinite",
            hint="a verdict is a finite number; Failed(reason) where the judge gave none",
            criterion=criterion,
        )
    return value
