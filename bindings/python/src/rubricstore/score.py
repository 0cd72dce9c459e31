"""What a judgement earns, and why."""

from __future__ import annotations

from ._lazy import Lazy
from ._record import Record, each, optional, texts
from .errors import UnscorableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from . import html
    from .pin import PinnedRubric
else:
    html = Lazy("rubricstore.html")

__all__ = ["Contribution", "Gate", "MissingVerdict", "Score", "Unscorable"]


class Unscorable(Record):
    """A reason why a judgement has no reward.

    Attributes
    ----------
    code : str
        ``missing``, ``judge_error``, ``not_applicable``, ``invalid_value``, ``zero_denominator``,
        ``not_finite``, ``unknown_criterion`` or ``invalid_rubric``.
    criterion : str or None
        Where it was found.
    message : str
        The reason in a sentence.
    """

    code: str
    criterion: str | None
    message: str
    _names = ("code", "criterion", "message")

    def __str__(self) -> str:
        return self.message


class Contribution(Record):
    """What a criterion or group did to the raw reward.

    Attributes
    ----------
    id : str
    group : str or None
        The group that it is in; None at the top level.
    is_group : bool
    treatment : str
        ``counted``, ``worst``, ``zero``, ``excluded``, ``refused``, ``diagnostic`` or ``inactive``.
    verdict : float or None
        In the units of the criterion's scale.
    normalized : float or None
        The verdict from 0 (lowest) to 1 (highest).
    weight : float
        As in the document.
    value : float or None
        What its group, or the rubric, counts.
    share : float or None
        By how much the raw reward moves with `value`.
    contribution : float or None
        `share` times `value`, in units of the raw reward.
    """

    id: str
    group: str | None
    is_group: bool
    treatment: str
    verdict: float | None
    normalized: float | None
    weight: float
    value: float | None
    share: float | None
    contribution: float | None
    _names = (
        "id",
        "group",
        "is_group",
        "treatment",
        "verdict",
        "normalized",
        "weight",
        "value",
        "share",
        "contribution",
    )


class Gate(Record):
    """What a gate did to the reward.

    Attributes
    ----------
    id : str
        Its criterion.
    value : float or None
        What it looked at; None where there was no verdict.
    min : float
        What it wants at least.
    effect : str
        ``veto`` or ``cap``.
    cap, limit : float or None
        The document's cap; the highest reward that the gate allows.
    fired : bool
    """

    id: str
    value: float | None
    min: float
    effect: str
    cap: float | None
    limit: float | None
    fired: bool
    _names = ("id", "value", "min", "effect", "cap", "limit", "fired")


class MissingVerdict(Record):
    """A judged criterion without a value.

    Attributes
    ----------
    id : str
    cause : str
        ``missing``, ``error`` or ``na``.
    treatment : str
        What the rubric makes of it.
    """

    id: str
    cause: str
    treatment: str
    _names = ("id", "cause", "treatment")


class Score(Record):
    """What one judgement earns.

    ``float(score)`` is the reward; it raises `UnscorableError` where there is none, so that a
    failed judgement never passes for a number.

    Attributes
    ----------
    reward : float or None
        In the units of the rubric's `range`; None where the judgement cannot be scored.
    raw : float or None
        Before the clip and the gates.
    unscorable : tuple of Unscorable
        Why there is no reward; empty where there is one.
    contributions, gates, missing : tuple
        `Contribution`, `Gate` and `MissingVerdict`; empty unless ``explain=True`` was asked for.
    ignored : tuple of str
        Inactive criteria that had a verdict, where explained.
    """

    reward: float | None
    raw: float | None
    unscorable: tuple[Unscorable, ...]
    contributions: tuple[Contribution, ...]
    gates: tuple[Gate, ...]
    missing: tuple[MissingVerdict, ...]
    ignored: tuple[str, ...]
    _names = ("reward", "raw", "unscorable", "contributions", "gates", "missing", "ignored")
    _readers: dict[str, Callable[[Any], Any]] = {
        "reward": optional(float),
        "raw": optional(float),
        "unscorable": each(Unscorable),
        "contributions": each(Contribution),
        "gates": each(Gate),
        "missing": each(MissingVerdict),
        "ignored": texts,
    }

    _pin: PinnedRubric | None
    _verdicts: dict[str, Any]
    _stamp: dict[str, Any] | None

    def __init__(
        self,
        data: dict[str, Any],
        pin: PinnedRubric | None = None,
        verdicts: dict[str, Any] | None = None,
        stamp: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data)
        state = self.__dict__
        state["_pin"] = pin
        state["_verdicts"] = verdicts or {}
        state["_stamp"] = stamp

    @property
    def ok(self) -> bool:
        """Whether there is a reward."""
        return self.reward is not None

    @property
    def stamp(self) -> dict[str, Any]:
        """What goes with the reward into a log, so that `Store.verify_stamp` can score it again.

        The pin's stamp (rubric, commit, hashes, library), the verdicts and the reward.
        """
        stamp = self._stamp
        if stamp is None:
            stamp = self.__dict__["_stamp"] = {} if self._pin is None else self._pin.stamp()
        return {**stamp, "verdicts": dict(self._verdicts), "reward": self.reward}

    def __float__(self) -> float:
        if self.reward is None:
            reasons = "; ".join(_sentence(reason) for reason in self.unscorable[:3])
            if len(self.unscorable) > 3:
                reasons += f"; and {len(self.unscorable) - 3} more"
            error = UnscorableError(
                f"there is no reward: {reasons}",
                criterion=self.unscorable[0].criterion if self.unscorable else None,
            )
            error.reasons = self.unscorable
            raise error
        return self.reward

    def __reduce__(self) -> tuple[Any, ...]:
        # Not with the pin, which would open its store where the score is read.
        stamp = self._stamp or ({} if self._pin is None else self._pin.stamp())
        return type(self), (self._data, None, self._verdicts, stamp)

    def _shown(self) -> Iterator[str]:
        return (name for name in self._names if name == "reward" or getattr(self, name))

    def _repr_html_(self) -> str:
        return html.score(self)


def _sentence(reason: Unscorable) -> str:
    return f"`{reason.criterion}`: {reason.message}" if reason.criterion else reason.message
