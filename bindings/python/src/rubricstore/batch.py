"""Scores many rollouts over NumPy arrays."""

from __future__ import annotations

from . import _ffi
from .errors import ArgumentError
from .verdicts import MISSING, by_id, to_wire

try:
    import numpy
except ImportError as error:  # pragma: no cover
    raise ImportError(
        "batches of rollouts are NumPy arrays, and NumPy is not installed; "
        "`pip install rubricstore[numpy]`, or score one judgement at a time with `score`"
    ) from error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    import numpy.typing

    from .pin import PinnedRubric
    from .types import MaskArray, MatrixLike, Verdict

    Floats = numpy.typing.NDArray[numpy.float64]
    Bytes = numpy.typing.NDArray[numpy.uint8]

__all__ = ["REASONS", "BatchScore", "Mask", "score_batch", "table"]


class Mask:
    """What a cell of a batch holds."""

    VALUE = 0
    """A verdict in the criterion's scale; NaN is read as missing."""
    NA = 1
    """The criterion does not apply."""
    ERROR = 2
    """The judge failed."""
    MISSING = 3
    """There is no verdict."""


REASONS: tuple[str, ...] = (
    "scored",
    "missing",
    "judge_error",
    "not_applicable",
    "invalid_value",
    "zero_denominator",
    "not_finite",
    "invalid_rubric",
)
"""The names of the numbers in `BatchScore.reasons`."""


class BatchScore:
    """What many judgements earn.

    Attributes
    ----------
    rewards : float64[rollouts]
        In the units of the rubric's `range`; NaN for a rollout without a reward.
    reasons : uint8[rollouts]
        0 for a rollout with a reward, else the first reason why there is none: an index of
        `reason_names`.
    contributions : float64[rollouts, criteria] or None
        What each verdict added to the raw reward, before clip and gates; NaN where it does not
        count. None unless asked for.
    commit : str
        The full hash of the rubric that was scored by.
    """

    __slots__ = ("_pin", "contributions", "reasons", "rewards")

    rewards: Floats
    reasons: Bytes
    contributions: Floats | None

    reason_names = REASONS

    def __init__(
        self, pin: PinnedRubric, rewards: Floats, reasons: Bytes, contributions: Floats | None
    ) -> None:
        self._pin = pin
        self.rewards = rewards
        self.reasons = reasons
        self.contributions = contributions

    @property
    def commit(self) -> str:
        """The full hash of the rubric that was scored by."""
        return self._pin.commit

    @property
    def pin(self) -> PinnedRubric:
        """The rubric that was scored by."""
        return self._pin

    @property
    def ok(self) -> numpy.typing.NDArray[numpy.bool_]:
        """bool[rollouts]: whether a rollout has a reward."""
        found: numpy.typing.NDArray[numpy.bool_] = self.reasons == 0
        return found

    def counts(self) -> dict[str, int]:
        """How many rollouts there are of each reason, ``scored`` among them; zeros left out."""
        counts = numpy.bincount(self.reasons, minlength=len(REASONS)).tolist()
        return {reason_name(code): count for code, count in enumerate(counts) if count}

    def reason(self, rollout: int) -> str | None:
        """Why a rollout has no reward; None where it has one."""
        code = int(self.reasons[rollout])
        return None if code == 0 else reason_name(code)

    def __len__(self) -> int:
        return len(self.rewards)

    def __repr__(self) -> str:
        scored = int(numpy.count_nonzero(self.ok))
        return f"<BatchScore {self._pin.id}@{self.commit[:12]}, {scored} of {len(self)} scored>"


def reason_name(code: int) -> str:
    """The name of a reason; libraries to come may add some."""
    return REASONS[code] if code < len(REASONS) else f"reason_{code}"


_FLOAT64 = numpy.dtype(numpy.float64)
_UINT8 = numpy.dtype(numpy.uint8)
_BOOL = numpy.dtype(numpy.bool_)
# Integers below this are doubles too.
_EXACT = 2**53
_array = numpy.ndarray
_empty = numpy.empty
# Bound at import: each look-up through the module costs as much as the C call does.
_score = _ffi.lib.rs_pin_score_batch
_lend = _ffi.lend


def score_batch(
    pin: PinnedRubric, verdicts: MatrixLike, mask: MaskArray | None, contributions: bool
) -> BatchScore:
    """Stands behind `PinnedRubric.score_batch`."""
    if type(verdicts) is _array and verdicts.dtype is _FLOAT64:
        matrix = verdicts
    else:
        matrix, mask = _matrix(pin, verdicts, mask)
    if matrix.ndim != 2:
        matrix = _two_dimensional(pin, matrix)
    rollouts, criteria = matrix.shape
    row, column = matrix.strides
    cells = None if mask is None else _cells(mask, matrix.shape)
    rewards = _empty(rollouts)
    reasons = _empty(rollouts, _UINT8)
    shares = _empty((rollouts, criteria)) if contributions else None
    # The arrays live until the call ends: this frame holds them.
    status = _score(
        pin._handle,
        rollouts,
        criteria,
        _address(matrix),
        row,
        column,
        None if cells is None else _address(cells),
        _address(rewards),
        _address(reasons),
        None if shares is None else _address(shares),
    )
    if status:
        raise _failure(pin, matrix)
    return BatchScore(pin, rewards, reasons, shares)


def _address(array: Any) -> Any:
    """Where an array begins, as C takes it."""
    try:
        return _lend(array)
    except (TypeError, ValueError):  # Read only, with gaps, or empty; it costs 1 µs instead of 0.2.
        return array.__array_interface__["data"][0]


def _failure(pin: PinnedRubric, matrix: Floats) -> Exception:
    failure = _ffi.failure()
    expected = _ffi.columns(pin._handle)
    return failure if matrix.shape[1] == expected else _misshapen(pin, matrix.shape)


def _misshapen(pin: PinnedRubric, shape: tuple[int, ...]) -> ArgumentError:
    count = _ffi.columns(pin._handle)
    return ArgumentError(
        f"verdicts have the shape {shape}, and `{pin.id}` takes (rollouts, {count})",
        hint="the columns are " + ", ".join(pin.column_ids[:20]),
    )


def _two_dimensional(pin: PinnedRubric, matrix: Floats) -> Floats:
    if matrix.ndim == 1 and matrix.size == 0:  # What an empty list becomes.
        return matrix.reshape(0, _ffi.columns(pin._handle))
    raise _misshapen(pin, matrix.shape)


def _matrix(pin: PinnedRubric, verdicts: Any, mask: Any) -> tuple[Floats, Any]:
    """Anything that holds numbers as an array of float64, without a copy where it can be."""
    if hasattr(verdicts, "detach"):
        verdicts = _tensor(verdicts)
    elif hasattr(verdicts, "to_numpy") and hasattr(verdicts, "columns"):
        verdicts = _frame(pin, verdicts)
    elif isinstance(verdicts, numpy.ma.MaskedArray):
        hidden = numpy.ma.getmaskarray(verdicts)
        if mask is None:
            mask = hidden
        else:
            mask = _cells(mask, verdicts.shape).copy()
            mask[hidden] = Mask.MISSING
        verdicts = verdicts.data
    try:
        array = numpy.asarray(verdicts)
    except (ValueError, TypeError, BufferError) as error:
        raise ArgumentError(f"verdicts are no array of numbers: {error}") from None
    if array.dtype.kind not in "fbiu":
        if array.size:
            raise ArgumentError(
                f"verdicts are an array of {array.dtype}, and float64 is wanted",
                hint="`pin.table` makes arrays of judges' answers",
            )
        array = array.astype(_FLOAT64)
    # Also of long doubles and of another byte order.
    return numpy.asarray(array, _FLOAT64), mask


def _tensor(tensor: Any) -> Any:
    """A torch tensor as an array over the same memory."""
    tensor = tensor.detach()
    device = str(getattr(tensor, "device", "cpu"))
    if device != "cpu":
        raise ArgumentError(
            f"verdicts are on the device {device}, and are scored on the CPU",
            hint="call .cpu() on them",
        )
    if str(tensor.dtype) == "torch.bfloat16":  # NumPy has none.
        tensor = tensor.double()
    return tensor.numpy()


def _frame(pin: PinnedRubric, frame: Any) -> Any:
    """A data frame with a column for each criterion, taken by name."""
    ids = pin.column_ids
    names = list(frame.columns)
    if sorted(map(str, names)) != sorted(ids):
        unknown = [name for name in names if name not in ids]
        absent = [id for id in ids if id not in names]
        raise ArgumentError(
            f"the frame's columns are not those of `{pin.id}`: "
            f"unknown {unknown[:10]}, absent {absent[:10]}"
        )
    return frame[list(ids)].to_numpy()


def _cells(mask: Any, shape: tuple[int, ...]) -> Bytes:
    """A mask as bytes without gaps."""
    if hasattr(mask, "detach"):
        mask = _tensor(mask)
    cells = mask if type(mask) is _array else numpy.asarray(mask)
    if cells.shape != shape:
        if cells.size or shape[0]:
            raise ArgumentError(f"the mask has the shape {cells.shape}, and verdicts have {shape}")
        cells = cells.reshape(shape)
    if cells.dtype is _BOOL or cells.dtype == _BOOL:
        return (
            cells.view(_UINT8) * _UINT8.type(Mask.MISSING) if cells.size else _empty(shape, _UINT8)
        )
    if cells.dtype != _UINT8:
        if cells.dtype.kind not in "iu" and cells.size:
            raise ArgumentError(
                f"the mask is an array of {cells.dtype}, and bool or uint8 is wanted",
                hint="True where there is no verdict, or Mask.VALUE, NA, ERROR, MISSING",
            )
        narrow = cells.astype(_UINT8)
        if cells.size and not (narrow == cells).all():
            raise ArgumentError(
                "the mask has numbers that are not Mask.VALUE, NA, ERROR or MISSING"
            )
        cells = narrow
    return numpy.ascontiguousarray(cells)


def table(
    pin: PinnedRubric,
    judgements: Sequence[Mapping[str, Verdict] | Sequence[Verdict]],
    unknown: str,
) -> tuple[Floats, Bytes]:
    """Stands behind `PinnedRubric.table`."""
    if unknown not in ("error", "ignore"):
        raise ArgumentError(f'`unknown` is "error" or "ignore", not {unknown!r}')
    if hasattr(judgements, "keys"):
        raise ArgumentError("judgements are a sequence of mappings, and this is one mapping")
    rows = list(judgements)
    ids = pin.column_ids
    indices = pin._column_indices()
    # Lists are filled several times as fast as arrays, cell by cell.
    values = [numpy.nan] * (len(rows) * len(ids))
    codes = bytearray([Mask.MISSING]) * len(values)
    for number, row in enumerate(rows):
        start = number * len(ids)
        try:
            given = by_id(row, ids)
            for id in given.keys():
                verdict = given[id]
                column = indices.get(id)
                if column is None:
                    if unknown == "error" and id not in pin.rubric:
                        raise ArgumentError(
                            f"`{pin.id}` has no criterion `{id}`",
                            hint='unknown="ignore" passes over it',
                            criterion=id if isinstance(id, str) else None,
                        )
                    continue  # An inactive one, as `score` ignores them.
                kind = type(verdict)
                # A difference that is not 0 is that of NaN or infinities.
                if (
                    (kind is float and verdict - verdict == 0)
                    or (kind is int and -_EXACT < verdict < _EXACT)
                    or kind is bool
                ):
                    values[start + column] = verdict
                    codes[start + column] = Mask.VALUE
                    continue
                verdict = to_wire(id, verdict)
                if verdict is not MISSING:
                    values[start + column], codes[start + column] = _cell(id, verdict)
        except ArgumentError as error:
            raise ArgumentError(
                f"rollout {number}: {error.message}", hint=error.hint, criterion=error.criterion
            ) from None
    shape = (len(rows), len(ids))
    verdicts = numpy.array(values, _FLOAT64).reshape(shape)
    mask = numpy.frombuffer(codes, _UINT8) if codes else _empty(0, _UINT8)
    return verdicts, mask.reshape(shape)


def _cell(id: str, verdict: Any) -> tuple[float, int]:
    """A verdict as JSON has it, in two arrays."""
    if isinstance(verdict, dict):
        keys = [key for key in ("value", "verdict", "na", "error") if key in verdict]
        if len(keys) == 1 and set(verdict) <= {keys[0], "reason"}:
            if keys[0] == "error" and isinstance(verdict["error"], (str, int, float)):
                return numpy.nan, Mask.ERROR
            if keys[0] == "na" and verdict["na"] is True:
                return numpy.nan, Mask.NA
            if keys[0] in ("value", "verdict"):
                verdict = verdict[keys[0]]
    if verdict == "na":
        return numpy.nan, Mask.NA
    if isinstance(verdict, (int, float)):
        try:
            return float(verdict), Mask.VALUE
        except OverflowError:
            return numpy.inf, Mask.VALUE  # Outside of every scale, as the number is.
    raise ArgumentError(
        f"the verdict of `{id}` is {verdict!r}",
        hint='a verdict is a number, True or False, "na", None, a mapping, NA or Failed(reason)',
        criterion=id,
    )
