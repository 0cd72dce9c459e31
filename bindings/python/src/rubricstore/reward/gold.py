"""Scores that are trusted more than the judge's."""

from __future__ import annotations

import math
import reprlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Union

from ..errors import ArgumentError

if TYPE_CHECKING:
    from .rollout import Rollout

__all__ = ["Gold", "Golds"]

Gold = Union[str, Callable[[Sequence["Rollout"]], Sequence["float | None"]]]


class Golds:
    """Finds the gold scores of rollouts: a column of theirs, or what a function answers."""

    def __init__(self, source: Gold | None) -> None:
        self.source = source
        self._seen = False

    def of(self, rollouts: Sequence[Rollout]) -> list[float | None]:
        """A finite number for each, or None."""
        if self.source is None:
            return [None] * len(rollouts)
        found = (
            self._column(self.source, rollouts)
            if isinstance(self.source, str)
            else list(self.source(rollouts))
        )
        if len(found) != len(rollouts):
            raise ArgumentError(
                f"`gold` answered {len(found)} scores for {len(rollouts)} rollouts",
                hint="a number for each, or None where there is none",
            )
        return [_number(gold, rollout.id) for gold, rollout in zip(found, rollouts)]

    def _column(self, name: str, rollouts: Sequence[Rollout]) -> list[Any]:
        # Some data sets have it in some rows; where it never was, it is misspelt.
        self._seen = self._seen or any(name in rollout.extra for rollout in rollouts)
        if rollouts and not self._seen:
            columns = sorted({str(key) for rollout in rollouts for key in rollout.extra})
            raise ArgumentError(
                f"no rollout has the gold column `{name}`; there is "
                + (", ".join(columns[:20]) or "no column"),
                hint="None or NaN in the column says that a rollout has no gold score",
            )
        return [rollout.extra.get(name) for rollout in rollouts]


def _number(gold: Any, rollout: str) -> float | None:
    """A gold score; NaN is none, as tables have it."""
    if gold is None:
        return None
    try:
        # A text that looks like a number is an answer rather than a score.
        number = None if isinstance(gold, (str, bytes, bytearray)) else float(gold)
    except OverflowError:
        number = math.inf
    except Exception:  # Whatever it is, it is no number.
        number = None
    if number is None or math.isinf(number):
        raise ArgumentError(
            f"the gold score of rollout `{rollout}` is {reprlib.repr(gold)}",
            hint="a finite number, or None or NaN where there is none",
        )
    return None if math.isnan(number) else number
