"""Judges that answer with arrays: what is kept and told is what was scored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from noting import judge, made, written

from rubricstore import ArgumentError, Store
from rubricstore.batch import Mask
from rubricstore.reward import Graded, RubricReward


@pytest.fixture
def notes(tmp_path: Path) -> Store:
    return made(str(tmp_path / "notes"))


def graded(notes: Store, answer: Any, count: int = 2) -> tuple[Graded, list[dict[str, Any]]]:
    reward = RubricReward(notes, "note@exp-a", lambda pin, rollouts: answer)
    made = reward.grade(written(count, 0), step=0)
    return made, [record["verdicts"] for record in reward.peers.records()]


VALUES = [[0.5, 1.0], [1.0, 0.0]]


def test_a_masked_array_keeps_its_mask(notes: Store) -> None:
    hidden = np.ma.MaskedArray(VALUES, [[0, 0], [0, 1]])
    made, kept = graded(notes, hidden)
    assert made.rewards == [pytest.approx(0.8), None]
    assert kept == [{"words": 0.5, "lively": 1.0}, {"words": 1.0}]
    assert np.isnan(made.verdicts[1, 1]) and made.means() == {"words": 0.75, "lively": 1.0}
    # Besides a mask of its own: both count.
    made, kept = graded(notes, (hidden, np.array([[0, Mask.NA], [0, 0]])))
    assert kept == [{"words": 0.5, "lively": "na"}, {"words": 1.0}]
    assert made.rewards == [0.5, None]


def test_a_frame_is_taken_by_name(notes: Store) -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed here")
    check_a_frame(notes, pandas.DataFrame)


class Frame:
    """As much of a data frame as is looked at."""

    def __init__(self, columns: dict[str, list[float]]) -> None:
        self.columns = list(columns)
        self._data = columns
        self.shape = (len(columns[self.columns[0]]), len(columns))

    def __getitem__(self, names: list[str]) -> Frame:
        return Frame({name: self._data[name] for name in names})

    def to_numpy(self) -> Any:
        return np.array(list(self._data.values())).T

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return self.to_numpy()


def test_anything_like_a_frame_is_taken_by_name(notes: Store) -> None:
    check_a_frame(notes, Frame)


def check_a_frame(notes: Store, Frame: Any) -> None:
    expected = [{"words": 0.5, "lively": 1.0}, {"words": 1.0, "lively": 0.0}]
    made, kept = graded(notes, Frame({"lively": [1.0, 0.0], "words": [0.5, 1.0]}))
    assert kept == expected and made.rewards == pytest.approx([0.8, 0.4])
    with pytest.raises(ArgumentError, match="columns"):
        graded(notes, Frame({"lively": [1.0, 0.0], "word": [0.5, 1.0]}))
    # Its mask may be one as well.
    mask = Frame({"lively": [Mask.NA, 0], "words": [0, 0]})
    made, kept = graded(notes, (np.array(VALUES), mask))
    assert kept == [{"words": 0.5, "lively": "na"}, expected[1]]


@pytest.mark.parametrize("code", [256, 257, -1, 0.5])
def test_a_mask_of_other_numbers_is_refused(notes: Store, code: float) -> None:
    with pytest.raises(ArgumentError, match="mask"):
        graded(notes, (np.array(VALUES), np.array([[0, 0], [0, code]])))


def test_texts_are_no_verdicts(notes: Store) -> None:
    with pytest.raises(ArgumentError, match="float64 is wanted"):
        graded(notes, np.array([["0.5", "1"], ["1", "0"]]))


def test_tensors(notes: Store) -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed here")
    values = torch.tensor(VALUES, dtype=torch.bfloat16, requires_grad=True)
    made, kept = graded(notes, (values, torch.tensor([[False, False], [False, True]])))
    assert made.rewards == [pytest.approx(0.8), None] and kept[1] == {"words": 1.0}


def test_numbers_of_a_judge_that_failed_are_in_no_mean(notes: Store) -> None:
    values = np.array([[0.5, 0.25], [1, 9], [1, 9], [1, 9]])
    mask = np.array([[0, 0], [0, Mask.ERROR], [0, Mask.NA], [0, Mask.MISSING]])
    made, _ = graded(notes, (values, mask), 4)
    assert made.means() == {"words": 0.875, "lively": 0.25}
    assert np.isnan(made.verdicts[1:, 1]).all() and values[1, 1] == 9
    assert made.score.rewards[0] == made.pin.score([0.5, 0.25]).reward
    assert made.rewards[1] is None and made.rewards[3] is None


def test_arrays_without_rows(notes: Store) -> None:
    for answer in (np.zeros((0, 2)), np.zeros(0), np.ma.MaskedArray(np.zeros((0, 2)))):
        assert graded(notes, answer, 0)[0].rewards == []
    assert RubricReward(notes, "note@exp-a", judge).grade([], step=0).rewards == []
