"""Batches: every reward is the one of a single score, whatever the array looks like."""

from __future__ import annotations

import array
import itertools
import math
import struct

import numpy as np
import pytest

from conftest import COLUMNS, GOOD, ladder
from rubricstore import (
    NA,
    ArgumentError,
    ClosedError,
    Failed,
    Mask,
    PinnedRubric,
    RubricStoreError,
    Store,
)

CELLS = [0, 1, 2.0, 4, 5, 7.25, 10, -1, 3.5, "na", None, math.nan, Failed("timeout")]


def bits(value: float) -> bytes:
    return struct.pack("<d", value)


def random_judgements(count: int, seed: int) -> list[dict[str, object]]:
    choose = np.random.default_rng(seed)
    return [
        {id: CELLS[choose.integers(len(CELLS))] for id in COLUMNS if choose.random() < 0.95}
        for _ in range(count)
    ]


def some(pin: PinnedRubric, rollouts: int = 7) -> np.ndarray:
    """Verdicts that are all in their scales."""
    choose = np.random.default_rng(rollouts)
    return np.stack(
        [choose.integers(column.min, column.max + 1, rollouts) for column in pin.columns], axis=1
    ).astype(float)


@pytest.mark.parametrize("seed", range(5))
def test_every_reward_is_that_of_a_single_score(pin: PinnedRubric, seed: int) -> None:
    judgements = random_judgements(200, seed)
    batch = pin.score_batch(*pin.table(judgements))
    scored = 0
    for number, judgement in enumerate(judgements):
        score = pin.score(judgement)
        if score.reward is None:
            assert math.isnan(batch.rewards[number])
            assert not batch.ok[number]
            assert batch.reason(number) == score.unscorable[0].code, judgement
        else:
            scored += 1
            assert bits(batch.rewards[number]) == bits(score.reward), (seed, judgement)
            assert batch.ok[number] and batch.reason(number) is None
    assert sum(batch.counts().values()) == 200 and batch.counts().get("scored", 0) == scored


def test_contributions_add_up_to_the_raw_reward(pin: PinnedRubric) -> None:
    verdicts = some(pin)
    batch = pin.score_batch(verdicts, contributions=True)
    assert batch.contributions is not None and batch.contributions.shape == verdicts.shape
    for row, (values, parts) in enumerate(zip(verdicts, batch.contributions, strict=True)):
        explained = pin.score(list(values), explain=True)
        counted = [part for part in parts if not math.isnan(part)]
        assert math.isclose(sum(counted), explained.raw or 0, abs_tol=1e-12), row
    assert pin.score_batch(verdicts).contributions is None
    assert np.isnan(batch.contributions[:, pin.index("length")]).all()  # only diagnostic


def views(matrix: np.ndarray) -> dict[str, np.ndarray]:
    wide = np.zeros((matrix.shape[0] * 3, matrix.shape[1] * 2))
    wide[::3, ::2] = matrix
    raw = bytearray(matrix.nbytes + 1)
    unaligned = np.frombuffer(raw, dtype=float, count=matrix.size, offset=1).reshape(matrix.shape)
    unaligned[...] = matrix
    return {
        "as it is": matrix,
        "Fortran": np.asfortranarray(matrix),
        "transposed twice": np.ascontiguousarray(matrix.T).T,
        "with gaps": wide[::3, ::2],
        "reversed rows": np.ascontiguousarray(matrix[::-1])[::-1],
        "reversed columns": np.ascontiguousarray(matrix[:, ::-1])[:, ::-1],
        "reversed both": np.ascontiguousarray(matrix[::-1, ::-1])[::-1, ::-1],
        "unaligned": unaligned,
        "read only": np.broadcast_to(matrix, matrix.shape),
        "another byte order": matrix.astype(">f8"),
        "long double": matrix.astype(np.longdouble),
        "float32": matrix.astype(np.float32),
        "float16": matrix.astype(np.float16),
        "int64": matrix.astype(np.int64),
        "uint8": matrix.astype(np.uint8),
    }


@pytest.mark.parametrize("name", views(np.zeros((1, 1))))
def test_views_and_types(pin: PinnedRubric, name: str) -> None:
    matrix = some(pin)
    expected = pin.score_batch(matrix).rewards.tolist()
    view = views(matrix)[name]
    assert pin.score_batch(view).rewards.tolist() == expected
    mask = np.zeros(matrix.shape, bool)
    assert pin.score_batch(view, mask).rewards.tolist() == expected


def test_one_row_for_all(pin: PinnedRubric) -> None:
    row = np.array([4.0, 7.5, 1, 0, 1])
    batch = pin.score_batch(np.broadcast_to(row, (1000, 5)))
    assert set(batch.rewards.tolist()) == {pin.score(row).reward}


def test_other_containers(pin: PinnedRubric) -> None:
    matrix = some(pin, 4)
    expected = pin.score_batch(matrix).rewards.tolist()
    flat = array.array("d", matrix.ravel())
    for other in (
        matrix.tolist(),
        [tuple(row) for row in matrix],
        memoryview(matrix),
        memoryview(flat).cast("B").cast("d", matrix.shape),
    ):
        assert pin.score_batch(other).rewards.tolist() == expected


def test_float64_is_not_copied(pin: PinnedRubric) -> None:
    """A batch as large as this would show in memory if it were."""
    import tracemalloc

    verdicts = np.zeros((200_000, 5))[::-1, ::-1]
    pin.score_batch(verdicts)
    tracemalloc.start()
    pin.score_batch(verdicts)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < verdicts.nbytes / 2, peak  # rewards and reasons are 9 bytes a row of 40


def test_tensors(pin: PinnedRubric) -> None:
    torch = pytest.importorskip("torch")
    matrix = some(pin)
    expected = pin.score_batch(matrix).rewards.tolist()
    tensor = torch.from_numpy(matrix)
    assert pin.score_batch(tensor).rewards.tolist() == expected
    assert pin.score_batch(tensor.clone().requires_grad_()).rewards.tolist() == expected
    assert pin.score_batch(tensor.t().contiguous().t()).rewards.tolist() == expected
    assert pin.score_batch(tensor.bfloat16()).rewards.tolist() == expected
    assert pin.score_batch(tensor, torch.zeros(7, 5, dtype=torch.bool)).rewards.tolist() == expected
    with pytest.raises(ArgumentError, match=r"\.cpu\(\)"):
        pin.score_batch(tensor.to("meta"))


class Frame:
    """What a data frame looks like from here."""

    def __init__(self, columns: dict[str, list[float]]) -> None:
        self._data = columns
        self.columns = list(columns)

    def __getitem__(self, names: list[str]) -> Frame:
        return Frame({name: self._data[name] for name in names})

    def to_numpy(self) -> np.ndarray:
        return np.array(list(self._data.values()), dtype=float).T


def test_frames_are_taken_by_name(pin: PinnedRubric) -> None:
    matrix = some(pin)
    expected = pin.score_batch(matrix).rewards.tolist()
    columns = {id: matrix[:, number].tolist() for number, id in enumerate(pin.column_ids)}
    assert pin.score_batch(Frame(dict(reversed(columns.items())))).rewards.tolist() == expected
    columns["flwo"] = columns.pop("flow")
    with pytest.raises(ArgumentError, match="flwo"):
        pin.score_batch(Frame(columns))


def test_no_rollouts(pin: PinnedRubric) -> None:
    for nothing in (np.empty((0, 5)), np.empty((0, 5), np.float32), [], np.array([])):
        batch = pin.score_batch(nothing, contributions=True)
        assert batch.rewards.shape == (0,) and batch.reasons.shape == (0,)
        assert batch.contributions is not None and batch.contributions.shape == (0, 5)
        assert len(batch) == 0 and batch.counts() == {}
    assert len(pin.score_batch(np.empty((0, 5)), np.empty((0, 5), bool))) == 0
    verdicts, mask = pin.table([])
    assert verdicts.shape == mask.shape == (0, 5)


@pytest.mark.parametrize(
    "wrong",
    [
        np.zeros(5),
        np.zeros((3, 4)),
        np.zeros((3, 6)),
        np.zeros((5, 3)),
        np.zeros((2, 5, 1)),
        np.zeros((0, 4)),
        np.float64(3),
        3.0,
        np.zeros((3, 5), complex),
        np.zeros((3, 5), object),
        np.array([["a"] * 5]),
        np.zeros((3, 5), "datetime64[s]"),
        [[1.0, 2.0], [3.0]],
        [{"flow": 1}],
        {"flow": [1.0]},
        None,
        "verdicts",
        b"\0" * 40,
    ],
    ids=lambda value: repr(value)[:30],
)
def test_wrong_shapes_and_types(pin: PinnedRubric, wrong: object) -> None:
    with pytest.raises(ArgumentError):
        pin.score_batch(wrong)


def test_the_message_has_both_shapes(pin: PinnedRubric) -> None:
    with pytest.raises(ArgumentError, match=r"\(3, 4\).*\(rollouts, 5\).*flow, words"):
        pin.score_batch(np.zeros((3, 4)))


def test_masks(pin: PinnedRubric) -> None:
    matrix = some(pin, 4)
    hidden = np.zeros((4, 5), bool)
    hidden[1, 0] = True
    codes = np.zeros((4, 5), np.uint8)
    codes[1, 0], codes[2, 0], codes[3, 1] = Mask.MISSING, Mask.ERROR, Mask.NA
    assert pin.score_batch(matrix, hidden).counts() == {"scored": 3, "missing": 1}
    for mask in (codes, codes.astype(int), np.asfortranarray(codes), codes[:, ::-1][:, ::-1]):
        batch = pin.score_batch(matrix, mask)
        assert [batch.reason(row) for row in range(4)] == [None, "missing", "judge_error", None]
    nan = matrix.copy()
    nan[1, 0] = math.nan
    masked = np.ma.masked_array(matrix, hidden)
    for verdicts, mask in ((nan, None), (masked, None), (masked, np.zeros((4, 5), np.uint8))):
        assert pin.score_batch(verdicts, mask).counts() == {"scored": 3, "missing": 1}
    # What lies behind a mask does not matter.
    matrix[1, 0] = math.inf
    assert pin.score_batch(matrix, hidden).counts() == {"scored": 3, "missing": 1}
    assert pin.score_batch(matrix).reason(1) == "invalid_value"


@pytest.mark.parametrize(
    "mask",
    [
        np.zeros((4, 4), bool),
        np.zeros((5, 4), bool),
        np.zeros(20, bool),
        np.zeros((4, 5)),
        np.full((4, 5), 4, np.uint8),
        np.full((4, 5), 256),
        np.full((4, 5), -1),
        np.zeros((4, 5), object),
        [[True]],
        True,
        "mask",
    ],
    ids=lambda value: repr(value)[:30],
)
def test_wrong_masks(pin: PinnedRubric, mask: object) -> None:
    with pytest.raises(ArgumentError):
        pin.score_batch(some(pin, 4), mask)


def test_tables(pin: PinnedRubric) -> None:
    verdicts, mask = pin.table(
        [
            {**GOOD, "padding": NA, "words": Failed("timeout"), "rhythm": None},
            {"flow": {"reason": "so", "verdict": 3}, "words": np.float32(2.5), "rhythm": np.True_},
            [1, "na", {"error": "x"}, None, {"value": True}],
            {"spelling": 1},
        ]
    )
    assert mask.tolist() == [[0, 2, 3, 1, 0], [0, 0, 0, 3, 3], [0, 1, 2, 3, 0], [3] * 5]
    assert verdicts[1, :3].tolist() == [3, 2.5, 1]
    assert np.isnan(verdicts[mask != 0]).all() and not np.isnan(verdicts[mask == 0]).any()


@pytest.mark.parametrize(
    "judgements, words",
    [
        ([GOOD, {"flwo": 1}], "rollout 1.*flwo"),
        ([{"style": "good"}, {"flow": "4"}], "rollout 1.*flow"),
        ([{"flow": {"value": 1, "error": "x"}}], "rollout 0.*flow"),
        ([{"flow": {"value": 1, "extra": 2}}], "rollout 0.*flow"),
        ([{"flow": {}}], "rollout 0.*flow"),
        ([[1, 2]], "rollout 0.*2 verdicts"),
        ([3], "rollout 0"),
        (["flow"], "rollout 0"),
        ([{3: 1}], "rollout 0"),
        ([{"flow": math.inf}], "rollout 0.*infinite"),
        (GOOD, "one mapping"),
    ],
)
def test_wrong_tables(pin: PinnedRubric, judgements: object, words: str) -> None:
    with pytest.raises(ArgumentError, match=words):
        pin.table(judgements)  # type: ignore[arg-type]


def test_unknown_ids_can_be_passed_over(pin: PinnedRubric) -> None:
    verdicts, mask = pin.table([{"flwo": 1, "flow": 2}], unknown="ignore")
    assert verdicts[0, 0] == 2 and mask[0, 0] == Mask.VALUE
    with pytest.raises(ArgumentError):
        pin.table([GOOD], unknown="maybe")


def test_many_criteria_and_rollouts(tmp_path: object) -> None:
    store = Store.create(f"{tmp_path}/wide")
    store.add(ladder(300))
    pin = store.pull("ladder")
    verdicts = np.random.default_rng(1).uniform(0, 5, (20_000, 300))
    weights = np.array([pin.rubric[id].weight for id in pin.column_ids], float)
    rewards = pin.score_batch(verdicts).rewards
    assert np.allclose(rewards, (verdicts / 5) @ weights / weights.sum(), rtol=1e-12)


def test_reasons_of_every_kind_have_a_name() -> None:
    from rubricstore.batch import REASONS, reason_name

    assert [reason_name(code) for code in range(len(REASONS))] == list(REASONS)
    assert reason_name(200) == "reason_200"


def test_threads_score_at_once(pin: PinnedRubric) -> None:
    from concurrent.futures import ThreadPoolExecutor

    matrix = some(pin, 500)
    expected = pin.score_batch(matrix).rewards.tolist()
    with ThreadPoolExecutor(8) as pool:
        found = pool.map(lambda _: pin.score_batch(matrix).rewards.tolist(), range(200))
        assert all(rewards == expected for rewards in found)


def test_it_outlives_its_store(tmp_path: object) -> None:
    store = Store.create(f"{tmp_path}/gone")
    store.add(ladder(3))
    pin = store.pull("ladder")
    store.close()
    assert pin.score_batch(np.ones((2, 3))).ok.all()
    with pytest.raises(ClosedError):
        store.pull("ladder")


def test_errors_are_ours(pin: PinnedRubric) -> None:
    assert issubclass(ArgumentError, RubricStoreError) and issubclass(ArgumentError, ValueError)
    for rows, columns in itertools.product((1, 2), (0, 1, 4, 6, 50)):
        with pytest.raises(ArgumentError):
            pin.score_batch(np.zeros((rows, columns)))
