"""Replays, meta-updates and stamps."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from conftest import GOOD
from rubricstore import (
    NA,
    ArgumentError,
    DocumentSyntaxError,
    Failed,
    PinnedRubric,
    ProposalError,
    RubricStoreError,
    Store,
    edits,
)


def graded(pin: PinnedRubric, count: int = 300, seed: int = 1) -> list[dict[str, Any]]:
    """Rollouts of which the judge rates `words` by their length, and gold does not."""
    choose = np.random.default_rng(seed)
    records = []
    for number in range(count):
        length = int(choose.integers(10, 400))
        quality = float(choose.random())
        records.append(
            {
                "rollout": f"r{number}",
                "prompt": "Write about the sea.",
                "response": " ".join(f"word{number * 7 % 11}x{k}" for k in range(length)),
                "rubric": pin.commit,
                "verdicts": {
                    "flow": round(quality * 5),
                    "words": length / 40,
                    "rhythm": bool(choose.random() < 0.5) or NA,
                    "padding": 0,
                    "length": None,
                },
                "gold": quality,
                "step": number,
            }
        )
    return records


def test_a_replay(store: Store) -> None:
    before = store.pull("essay")
    records = graded(before, 50)
    records[3]["verdicts"]["flow"] = Failed("timeout")
    store.commit(edits.reweight("flow", 1))
    report = store.replay(before, "essay@main", records, each=True, top=3)
    assert report.comparability == "recompute" and report.count == 50 and report.replayed == 49
    after = store.pull("essay")
    expected = [
        (after.score(record["verdicts"]).reward or 0)
        - (before.score(record["verdicts"]).reward or 0)
        for record in records
    ]
    assert report.mean_shift is not None and report.mean_before is not None
    assert float(report.mean_shift) == pytest.approx(sum(expected) / 49)
    assert (
        report.mean_shift.lower is not None and report.mean_shift.lower <= report.mean_shift.value
    )
    assert len(report.moved) == 3 and len(report.rollouts) == 50 and report.pairs == 0
    assert report.rose + report.fell + report.same == 49
    assert report.from_ == before.commit and report.to == after.commit


def test_what_is_printed_is_a_line(store: Store) -> None:
    before = store.pull("essay")
    records = graded(before)
    update = store.meta_update(records, dry_run=True)
    after = store.commit(edits.reweight("flow", 1)).commit or ""
    report = store.replay(before, "essay@main", records, each=True)
    start = f"essay@{before.commit[:12]}"
    kept, refused = len(update.proposal.edits), len(update.proposal.refused)
    assert kept > 0 and report.mean_shift is not None
    assert repr(report) == (
        f"<ReplayReport {start} to {after[:12]}, recompute, 300 of 300 replayed, "
        f"mean shift {report.mean_shift.value:+.4g}>"
    )
    counts = f"{kept} edits, {refused} refused"
    assert repr(update.proposal) == f"<Proposal for {start}, {counts}>"
    assert repr(update) == f"<MetaUpdate of {start}, {counts}, dry run>"
    made = store.meta_update([{**record, "rubric": after} for record in records])
    assert made.commit is not None
    assert repr(made).endswith(f", committed as {made.commit[:12]}>") and len(repr(made)) < 120
    # Of nothing there is no shift.
    assert repr(store.replay(before, before, [])).endswith("0 of 0 replayed>")


def test_forms_of_evidence(store: Store, tmp_path: Path) -> None:
    pin = store.pull("essay")
    records = [
        {"rollout": f"r{number}", "rubric": pin.commit, "verdicts": dict(GOOD)}
        for number in range(5)
    ]
    text = "".join(json.dumps(record) + "\n" for record in records)
    path = tmp_path / "lines.jsonl"
    path.write_text(text)
    reports = [
        store.replay(pin, pin, form)
        for form in (
            records,
            iter(records),
            text,
            text.encode(),
            path,
            text.splitlines(),
            [line.encode() for line in text.splitlines(keepends=True)],
        )
    ]
    assert all(report == reports[0] for report in reports) and reports[0].count == 5
    assert store.replay(pin, pin, []).count == 0 == store.replay(pin, pin, "").count
    for wrong in (3, None, records[0]):
        with pytest.raises(ArgumentError):
            store.replay(pin, pin, wrong)
    with pytest.raises(ArgumentError):
        store.replay(pin, pin, [{"rollout": "r", "verdicts": {"flow": math.inf}}])
    with pytest.raises(FileNotFoundError):
        store.replay(pin, pin, tmp_path / "nothing")


def test_a_meta_update_from_statistics(store: Store) -> None:
    pin = store.pull("essay")
    looked = store.meta_update(graded(pin), dry_run=True)
    assert looked.outcome is None and looked.commit is None and not looked.changed
    assert store.pull("essay") == pin
    assert looked.proposal.rubric == "essay" and looked.proposal.base == pin.commit
    assert looked.proposal.evidence["rollouts"] == 300
    made = store.meta_update(graded(pin), author="Bot <bot@example.org>")
    assert made.outcome is not None and made.commit == store.pull("essay").commit != pin.commit
    entry = store.log(limit=1)[0]
    assert entry.proposer is not None and entry.proposer["author"] == "meta"
    assert entry.provenance is not None and entry.provenance["base"] == pin.commit
    assert [item.edit["op"] for item in made.proposal.edits] == [
        edit["op"] for edit in looked_at(made)
    ]


def looked_at(made: Any) -> Sequence[dict[str, Any]]:
    return [edit for edit in made.outcome.edits if edit["op"] != "no_change"]


def test_a_proposer_of_ones_own(store: Store) -> None:
    pin = store.pull("essay")
    seen: list[tuple[PinnedRubric, int]] = []

    def propose(asked: PinnedRubric, records: Sequence[dict[str, Any]]) -> dict[str, Any]:
        seen.append((asked, len(records)))
        ids = [record["rollout"] for record in records[:3]]
        edit = edits.reweight("words", 1.8, because="it follows length", evidence=ids)
        pinned = edits.reweight("padding", 5, because="why not")
        return {
            "name": "mine",
            "rationale": "looked at the rollouts",
            "edits": [{"edit": edit, "support": 200}, {"edit": pinned, "support": 200}],
        }

    made = store.meta_update(graded(pin), proposer=propose, rubric="essay", branch="main")
    assert seen == [(pin, 300)]
    # What is pinned is refused, whoever proposes it.
    assert [item.edit["id"] for item in made.proposal.refused] == ["padding"]
    assert made.proposal.refused[0].reasons
    assert made.changed and store.pull("essay").rubric["words"].weight == 1.8
    entry = store.log(limit=1)[0]
    assert entry.proposer == {"author": "meta", "name": "mine"}


@pytest.mark.parametrize("answer", [None, [], {}, {"edits": 3}, {"edits": [{"op": "explode"}]}])
def test_proposers_that_answer_nonsense(store: Store, answer: Any) -> None:
    pin = store.pull("essay")
    with pytest.raises((RubricStoreError, TypeError)):
        store.meta_update(graded(pin, 20), proposer=lambda *_: answer)
    assert store.pull("essay") == pin


def test_a_proposer_that_fails_fails_the_update(store: Store) -> None:
    def propose(*_: object) -> dict[str, Any]:
        raise TimeoutError("the model")

    with pytest.raises(TimeoutError):
        store.meta_update(graded(store.pull("essay"), 20), proposer=propose)


def test_evidence_that_cannot_be_used(store: Store) -> None:
    pin = store.pull("essay")
    for wrong in ("", "not json\n", "{}\n", "[1]\n", "\0", "\n\n", '{"rollout": "x"}\n'):
        with pytest.raises(RubricStoreError):
            store.meta_update(wrong)
    with pytest.raises(DocumentSyntaxError, match="line 2"):
        store.meta_update('{"a": 1}\nx\n', proposer=lambda *_: {"edits": []})
    other = [{**record, "rubric": "0" * 40} for record in graded(pin, 10)]
    with pytest.raises(ProposalError):
        store.meta_update(other)
    assert store.pull("essay") == pin


def test_a_policy(store: Store, tmp_path: Path) -> None:
    pin = store.pull("essay")
    records = graded(pin)
    for wrong in ("nonsense: true\n", "[", {"nonsense": True}):
        with pytest.raises(RubricStoreError):
            store.meta_update(records, policy=wrong, dry_run=True)
    made = store.meta_update(records, dry_run=True)
    assert made.proposal.edits, "there is nothing here for a policy to refuse"
    strict = "schema: rubric-policy/1\nevidence:\n  rollouts: 100000\n"
    path = tmp_path / "policy.yaml"
    path.write_text(strict)
    found = [
        store.meta_update(records, policy=policy, dry_run=True)
        for policy in (
            strict,
            path,
            {"schema": "rubric-policy/1", "evidence": {"rollouts": 100000}},
        )
    ]
    for update in found:
        assert update.proposal.edits == ()


def test_stamps(store: Store) -> None:
    pin = store.pull("essay")
    stamp = pin.stamp()
    check = store.verify_stamp(stamp)
    assert check and check.valid and check.problems == () and check.commit == pin.commit
    assert not check.rescored and "rescored=False" in repr(check)
    assert store.verify_stamp(json.dumps(stamp))
    score = pin.score(GOOD)
    assert store.verify_stamp(score.stamp)
    store.commit(edits.reweight("flow", 1))
    assert store.verify_stamp(score.stamp)  # the commit is still there
    for key, value in (
        ("commit", "0" * 40),
        ("judge", "0" * 64),
        ("scoring", "0" * 64),
        ("rubric", "other"),
    ):
        found = store.verify_stamp({**stamp, key: value})
        assert not found and found.problems and found.problems[0].message, key
    forged = store.verify_stamp({**score.stamp, "reward": 1.0})
    assert not forged and [problem.field for problem in forged.problems] == ["reward"]
    assert "1" in str(forged.problems[0])
    for wrong in ("", "x", "{}", "[]", "\0"):
        with pytest.raises(RubricStoreError):
            store.verify_stamp(wrong)


def test_a_path_in_a_str_is_told(store: Store) -> None:
    for call in (
        lambda: store.meta_update("graded.jsonl"),
        lambda: store.replay("essay@main", "main", "graded.jsonl"),
    ):
        with pytest.raises(ArgumentError, match="stands for the file"):
            call()
