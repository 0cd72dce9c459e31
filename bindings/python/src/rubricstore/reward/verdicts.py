"""A judge's answers, as arrays to score and as evidence to keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy

from .. import batch
from ..batch import Mask
from ..errors import ArgumentError
from ..verdicts import MISSING, by_id, to_wire

if TYPE_CHECKING:
    import numpy.typing

    from ..pin import PinnedRubric
    from .rollout import Judged

    Floats = numpy.typing.NDArray[numpy.float64]
    Bytes = numpy.typing.NDArray[numpy.uint8]

__all__ = ["Verdicts", "read"]


class Verdicts:
    """The verdicts of some rollouts.

    Attributes
    ----------
    values : float64[rollouts, criteria]
    mask : uint8[rollouts, criteria] or None
    """

    def __init__(
        self,
        ids: Sequence[str],
        values: Floats,
        mask: Bytes | None,
        given: Sequence[Any] | None,
    ) -> None:
        self._ids = ids
        self.values = values
        self.mask = mask
        self._given = given

    def wire(self, row: int) -> dict[str, Any]:
        """One rollout's, by id, as evidence has them."""
        if self._given is not None:
            given = by_id(self._given[row], self._ids)
            wires = {id: to_wire(id, given[id]) for id in given.keys()}
            return {id: wire for id, wire in wires.items() if wire is not MISSING}
        found: dict[str, Any] = {}
        cells = None if self.mask is None else self.mask[row].tolist()
        for column, (id, value) in enumerate(zip(self._ids, self.values[row].tolist())):
            cell = Mask.VALUE if cells is None else cells[column]
            if cell == Mask.NA:
                found[id] = "na"
            elif cell == Mask.ERROR:
                found[id] = {"error": "the judge failed"}
            elif cell == Mask.VALUE and value == value:
                infinite = value in (numpy.inf, -numpy.inf)
                found[id] = {"error": f"the verdict is {value}"} if infinite else value
        return found


def read(pin: PinnedRubric, judged: Judged, rollouts: int) -> Verdicts:
    """Reads what a judge answered for some rollouts."""
    mask: Any = None
    if isinstance(judged, tuple) and len(judged) == 2 and hasattr(judged[0], "shape"):
        judged, mask = judged
    if hasattr(judged, "shape"):
        # Exactly what `score_batch` makes of it, or what is kept is not what was scored.
        if hasattr(mask, "columns"):
            mask = batch._frame(pin, mask)
        values, mask = batch._matrix(pin, _near(judged), _near(mask))
        _fits(values.shape[0] if values.ndim else 0, rollouts)
        cells = None if mask is None else batch._cells(mask, values.shape)
        if cells is not None:  # A number of a judge that failed is none, wherever it is read.
            values = numpy.where(cells == Mask.VALUE, values, numpy.nan)
        return Verdicts(pin.column_ids, values, cells, None)
    if isinstance(judged, Mapping) or not hasattr(judged, "__len__"):
        raise ArgumentError(
            f"the judge answered a {type(judged).__name__}",
            hint="for each rollout a mapping of criterion id to verdict, or all of them as "
            "float64[rollouts, criteria]",
        )
    _fits(len(judged), rollouts)
    values, cells = pin.table(judged)
    return Verdicts(pin.column_ids, values, cells, judged)


def _fits(answers: int, rollouts: int) -> None:
    if answers != rollouts:
        raise ArgumentError(
            f"the judge answered for {answers} rollouts, and there are {rollouts}",
            hint="a mapping for each, in their order; a verdict that there is none of is left out, "
            "or is Failed(reason)",
        )


def _near(array: Any) -> Any:
    """A tensor where it is read, on the CPU; anything else as it is."""
    return array.detach().cpu() if hasattr(array, "detach") else array
