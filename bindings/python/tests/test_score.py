"""Scoring one judgement: every form of a verdict, and never a number in the place of an error."""

from __future__ import annotations

import math
import pickle
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

import numpy as np
import pytest

from conftest import GOOD
from rubricstore import (
    NA,
    ArgumentError,
    DocumentSyntaxError,
    Failed,
    NotApplicable,
    PinnedRubric,
    RubricStoreError,
    UnscorableError,
)


def test_a_reward(pin: PinnedRubric) -> None:
    score = pin.score(GOOD)
    # flow 4/5 with weight 3; style (2·0.75 + 1) / 3; padding costs 0 and counts below.
    assert score.reward == pytest.approx((3 * 0.8 + 2.5 / 3 - 0) / 5)
    assert score.raw == score.reward == float(score) and score.ok
    assert score.unscorable == () and type(score.reward) is float


def test_a_gate_and_the_clip(pin: PinnedRubric) -> None:
    capped = pin.score({**GOOD, "flow": 1, "words": 10}, explain=True)
    assert capped.reward == pytest.approx(0.32) and capped.gates[0].fired
    low = pin.score({"flow": 0, "words": 0, "rhythm": 0, "padding": 1})
    assert low.raw is not None and low.raw < 0 and low.reward == 0


@pytest.mark.parametrize(
    "verdict",
    [
        4,
        4.0,
        np.float64(4),
        np.float32(4),
        np.int8(4),
        np.array(4),
        np.array([4.0]),
        Decimal(4),
        Fraction(8, 2),
        {"value": 4},
        {"verdict": 4, "reason": "it does"},
        {"reason": None, "value": np.float32(4)},
        MappingProxyType({"value": 4}),
    ],
    ids=repr,
)
def test_forms_of_four(pin: PinnedRubric, verdict: object) -> None:
    assert pin.score({**GOOD, "flow": verdict}).reward == pin.score(GOOD).reward  # type: ignore[dict-item]


def test_forms_of_true(pin: PinnedRubric) -> None:
    expected = pin.score(GOOD).reward
    for verdict in (1, 1.0, True, np.True_, np.bool_(1), {"value": True}):
        assert pin.score({**GOOD, "rhythm": verdict}).reward == expected


def test_forms_of_na(pin: PinnedRubric) -> None:
    rewards = {
        pin.score({**GOOD, "rhythm": verdict}).reward
        for verdict in ("na", NA, NotApplicable(), {"verdict": "na"}, {"na": True})
    }
    assert len(rewards) == 1 and rewards != {pin.score(GOOD).reward}


@pytest.mark.parametrize(
    "verdict, code",
    [
        (None, "missing"),
        (math.nan, "missing"),
        (np.float32("nan"), "missing"),
        ({"value": None}, "missing"),
        ({"value": math.nan, "reason": "?"}, "missing"),
        (Failed("timeout"), "judge_error"),
        (TimeoutError("30 s"), "judge_error"),
        ({"error": "timeout"}, "judge_error"),
        (6, "invalid_value"),
        (3.5, "invalid_value"),
        (-1e12, "invalid_value"),
    ],
    ids=repr,
)
def test_no_reward(pin: PinnedRubric, verdict: object, code: str) -> None:
    score = pin.score({**GOOD, "flow": verdict})  # type: ignore[dict-item]
    assert score.reward is None and score.raw is None and not score.ok
    assert [(reason.code, reason.criterion) for reason in score.unscorable] == [(code, "flow")]
    with pytest.raises(UnscorableError, match="flow") as caught:
        float(score)
    assert caught.value.reasons == score.unscorable and caught.value.criterion == "flow"
    assert isinstance(caught.value, ValueError)


def test_a_failed_judge_says_why(pin: PinnedRubric) -> None:
    score = pin.score({**GOOD, "flow": TimeoutError("30 s"), "words": Failed("refused")})
    assert [reason.criterion for reason in score.unscorable] == ["flow", "words"]
    assert "TimeoutError: 30 s" in str(pin.score({**GOOD, "flow": TimeoutError("30 s")}).stamp)


def test_unknown_and_inactive_ids(pin: PinnedRubric) -> None:
    score = pin.score({**GOOD, "flwo": 1})
    assert score.unscorable[0].code == "unknown_criterion" and score.reward is None
    explained = pin.score({**GOOD, "spelling": 1}, explain=True)
    assert explained.ignored == ("spelling",) and explained.reward == pin.score(GOOD).reward


@pytest.mark.parametrize("id", ["größe", "", "a b", "\U0001f600", "x" * 200, "a\0b", "\ud800"])
def test_ids_that_are_none(pin: PinnedRubric, id: str) -> None:
    try:
        score = pin.score({**GOOD, id: 1})
    except RubricStoreError:
        return
    assert score.reward is None


@pytest.mark.parametrize(
    "verdict",
    [
        math.inf,
        -math.inf,
        np.float32("inf"),
        10**400,
        1e13,
        "4",
        "",
        "n/a",
        {},
        {"value": 1, "error": "x"},
        {"value": 1, "other": 2},
        {"value": {"value": 1}},
        [4],
        (4,),
        np.zeros(2),
        object(),
        1j,
        print,
        b"4",
    ],
    ids=lambda value: repr(value)[:30],
)
def test_no_verdict(pin: PinnedRubric, verdict: object) -> None:
    with pytest.raises((ArgumentError, DocumentSyntaxError)):
        pin.score({**GOOD, "flow": verdict})  # type: ignore[dict-item]


def test_a_sequence_in_the_order_of_the_columns(pin: PinnedRubric) -> None:
    expected = pin.score(GOOD).reward
    row = [GOOD[id] for id in pin.column_ids]
    assert pin.score(row).reward == expected  # type: ignore[arg-type]
    assert pin.score(tuple(row)).reward == expected  # type: ignore[arg-type]
    assert pin.score(np.array(row, float)).reward == expected  # type: ignore[arg-type]
    for wrong in (row[:-1], [*row, 1], [], [row]):
        with pytest.raises(ArgumentError, match="columns"):
            pin.score(wrong)  # type: ignore[arg-type]
    for wrong in ("flow", b"flow", 4, None):
        with pytest.raises(ArgumentError):
            pin.score(wrong)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError):
        pin.score({4: 1})  # type: ignore[dict-item]


def test_huge_input(pin: PinnedRubric) -> None:
    reason = "ä" * 2_000_000
    assert pin.score({**GOOD, "flow": {"value": 4, "reason": reason}}).reward is not None
    with pytest.raises(RubricStoreError):
        pin.score({**GOOD, "flow": {"value": 4, "reason": reason * 5}})
    many = pin.score({f"unknown-{number}": 1 for number in range(50_000)})
    assert many.reward is None and len(many.unscorable) >= 50_000


def test_deep_input(pin: PinnedRubric) -> None:
    deep: object = 1
    for _ in range(5_000):
        deep = {"value": deep}
    with pytest.raises((RubricStoreError, RecursionError)):
        pin.score({"flow": deep})  # type: ignore[dict-item]


def test_an_explanation(pin: PinnedRubric) -> None:
    score = pin.score({**GOOD, "flow": 1, "rhythm": "na"}, explain=True)
    parts = {part.id: part for part in score.contributions}
    assert parts["words"].group == "style" and parts["style"].is_group
    assert parts["flow"].normalized == 0.2 and parts["flow"].weight == 3
    assert parts["rhythm"].treatment == "excluded" and parts["length"].treatment == "diagnostic"
    assert score.gates[0].fired and score.gates[0].cap == 0.4 and score.gates[0].min == 2
    assert [(gap.id, gap.cause) for gap in score.missing] == [("rhythm", "na")]
    top = [part.contribution for part in score.contributions if part.group is None]
    assert sum(value for value in top if value is not None) == pytest.approx(score.raw)
    assert pin.score(GOOD).contributions == ()


def test_scores_are_values(pin: PinnedRubric) -> None:
    score = pin.score({**GOOD, "rhythm": NA}, explain=True)
    again = pickle.loads(pickle.dumps(score))
    assert again == score and again.reward == score.reward and again.stamp == score.stamp
    assert again.contributions == score.contributions and hash(again) == hash(score)
    with pytest.raises(AttributeError):
        score.reward = 1.0  # type: ignore[misc]
    assert repr(pin.score(GOOD)).startswith("Score(reward=0.6")
    assert pin.score(GOOD) != pin.score({**GOOD, "flow": 5})


def test_a_stamp_says_where_a_reward_came_from(pin: PinnedRubric) -> None:
    from rubricstore import library_version

    stamp = pin.stamp()
    assert stamp["stamp"] == "rubric-stamp/1" and stamp["library"] == library_version()
    assert (stamp["rubric"], stamp["commit"]) == ("essay", pin.commit)
    assert stamp["judge"] == pin.hashes["judge"] and stamp["scoring"] == pin.hashes["scoring"]
    score = pin.score({**GOOD, "rhythm": NA, "length": None})
    assert score.stamp == {
        **stamp,
        "verdicts": {"flow": 4, "words": 7.5, "rhythm": "na", "padding": 0},
        "reward": score.reward,
    }
    score.stamp["verdicts"]["flow"] = 0
    assert score.stamp["verdicts"]["flow"] == 4


def test_how_it_looks_in_a_notebook(pin: PinnedRubric) -> None:
    assert "reward <b>0.6" in pin.score(GOOD, explain=True)._repr_html_()
    failed = pin.score({**GOOD, "flow": Failed("<script>")})
    html = failed._repr_html_()
    assert "no reward" in html and "judge_error" in html and "<script>" not in html


def test_verdicts_are_values() -> None:
    assert pickle.loads(pickle.dumps(NA)) is NA and NA == NotApplicable()
    assert pickle.loads(pickle.dumps(Failed("x"))) == Failed("x") != Failed("y")
    assert {NA, NotApplicable()} == {NA} and repr(Failed("x")) == "Failed('x')"
