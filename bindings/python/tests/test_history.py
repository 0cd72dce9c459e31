"""Commits, the log, differences, merges and notes."""

from __future__ import annotations

import pickle
from datetime import datetime, timezone

import pytest

from conftest import ESSAY, git
from rubricstore import (
    ArgumentError,
    DirtyError,
    EditError,
    MergeError,
    NotFoundError,
    NothingToCommit,
    RubricStoreError,
    Store,
    edits,
)


def test_a_commit(store: Store) -> None:
    before = store.pull("essay@main")
    made = store.commit(
        [edits.reweight("flow", 2, because="it tells essays apart", evidence=["r17"])],
        because="after step 640",
        proposer=("meta", "stats"),
        provenance={"run": 12},
    )
    assert made.parent == before.commit and made.branch == "main" and made.kind == "edited"
    assert made.comparability == "recompute" and made.rejudge == () and made.retries == 0
    assert made.edits[0]["before"] == 3 and made.edits[0]["after"] == 2
    assert made.commit == store.pull("essay@main").commit == store.pull(made).commit
    assert store.pull(made.name).rubric["flow"].weight == 2
    entry = store.log(limit=1)[0]
    assert entry.commit == made.commit and entry.subject == "essay: after step 640"
    assert entry.proposer == {"author": "meta", "name": "stats"}
    assert entry.edits[0]["rationale"] == "it tells essays apart"
    assert entry.edits[0]["evidence"] == ["r17"] and entry.provenance == {"run": 12}
    assert abs((datetime.now(timezone.utc) - entry.date).total_seconds()) < 600
    assert "2 → " not in str(made) and made.commit is not None and made.commit[:12] in str(made)
    assert pickle.loads(pickle.dumps(made)) == made and hash(made) == hash(made)


def test_one_edit_or_many(store: Store) -> None:
    assert len(store.commit(edits.reweight("flow", 2)).edits) == 1
    assert len(store.commit({"op": "reweight", "id": "flow", "after": 1}).edits) == 1
    made = store.commit(edit for edit in [edits.pin("flow"), edits.retag("flow", ["a"])])
    assert [edit["op"] for edit in made.edits] == ["pin", "retag"]


def test_a_dry_run(store: Store) -> None:
    tip = store.pull("essay").commit
    made = store.commit(edits.reword("flow", "Does it flow?"), dry_run=True)
    assert made.commit is None and made.comparability == "rejudge" and made.rejudge == ("flow",)
    assert store.pull("essay").commit == tip
    with pytest.raises(ArgumentError):
        print(made.name)


@pytest.mark.parametrize(
    "edit, kind",
    [
        (edits.reweight("flwo", 2), EditError),
        (edits.reweight("flow", -1), RubricStoreError),
        (edits.reweight("flow", float("nan")), ArgumentError),
        ({"op": "reweight", "id": "flow", "before": 9, "after": 2}, EditError),
        ({"op": "explode", "id": "flow"}, RubricStoreError),
        ({}, RubricStoreError),
        ("reweight", RubricStoreError),
        (3, RubricStoreError),
        (None, RubricStoreError),
        ({"op": "reweight", "id": "flow", "after": object()}, RubricStoreError),
        (edits.reweight("flow", 3), NothingToCommit),
        (edits.reword("flow", "a\0b"), RubricStoreError),
        (edits.reword("flow", "\ud800"), RubricStoreError),
        (edits.add({"id": "flow", "text": "again"}), EditError),
    ],
    ids=lambda value: str(value)[:40],
)
def test_edits_that_cannot_be_made(store: Store, edit: object, kind: type[Exception]) -> None:
    tip = store.pull("essay").commit
    with pytest.raises(kind):
        store.commit([edits.pin("length"), edit] if kind is EditError else [edit])  # type: ignore[list-item]
    assert store.pull("essay").commit == tip


def test_an_error_says_where(store: Store) -> None:
    with pytest.raises(EditError) as caught:
        store.commit([edits.pin("flow"), {"op": "reweight", "id": "flow", "before": 9, "after": 2}])
    error = caught.value
    assert (error.code, error.criterion, error.edit) == ("before_mismatch", "flow", 1)
    assert error.field == "weight" and "9" in str(error)
    again = pickle.loads(pickle.dumps(error))
    assert (again.code, again.edit, str(again)) == (error.code, error.edit, str(error))


def test_what_is_pinned_is_kept_from_the_meta_editor(store: Store) -> None:
    with pytest.raises(EditError, match="pinned"):
        store.commit(edits.reweight("padding", 2), proposer="meta")
    assert store.commit(edits.reweight("padding", 2), proposer="human").commit


def test_a_work_tree_with_changes_is_left_alone(store: Store) -> None:
    path = f"{store.path}/rubrics/essay.yaml"
    with open(path, "a") as file:
        file.write("# by hand\n")
    with pytest.raises(DirtyError):
        store.commit(edits.reweight("flow", 2))
    with open(path) as file:
        assert file.read() == ESSAY + "# by hand\n"


def test_other_branches_and_rubrics(store: Store) -> None:
    store.create_branch("exp")
    store.commit(edits.reweight("flow", 2), branch="exp")
    assert store.pull("essay@exp").rubric["flow"].weight == 2
    assert store.pull("essay@main").rubric["flow"].weight == 3
    store.add(ESSAY.replace("id: essay", "id: other"))
    with pytest.raises(RubricStoreError):
        store.commit(edits.reweight("flow", 1))
    assert store.commit(edits.reweight("flow", 1), rubric="other").rubric == "other"
    with pytest.raises(NotFoundError):
        store.commit(edits.reweight("flow", 1), rubric="other", branch="nope")


def test_the_log(store: Store) -> None:
    store.commit(edits.reweight("flow", 2))
    store.commit(edits.tighten("words", lower_when=["Long words."]))
    store.note("essay", gold=0.7, step=3)
    entries = store.log("essay@main", metrics=True)
    assert [entry.kind for entry in entries] == ["edited", "edited", "created"]
    assert entries[0].rejudge == ("words",) and entries[0].parents == (entries[1].commit,)
    assert entries[0].metrics["gold"]["value"] == 0.7 and entries[1].metrics == {}
    assert [entry.commit for entry in store.log(criterion="flow")] == [
        entries[1].commit,
        entries[2].commit,
    ]
    assert len(store.log(operations=["tighten"])) == 1 == len(store.log(operations="tighten"))
    assert len(store.log(limit=2)) == 2 and store.log(entries[1])[0].commit == entries[1].commit
    assert store.pull(entries[2]).rubric["flow"].weight == 3
    with pytest.raises(RubricStoreError):
        store.log("essay@nope")
    with pytest.raises(RubricStoreError):
        store.log(operations=["explode"])


def test_a_difference(store: Store) -> None:
    first = store.pull("essay")
    store.commit([edits.reweight("flow", 2.5), edits.reword("words", "Are the words right?")])
    difference = store.diff(first, "essay@main")
    assert difference and len(difference) == 2 == len(list(difference))
    assert difference.from_ == first.commit and difference.to == store.pull("essay").commit
    assert difference.comparability == "rejudge" and difference.rejudge == ("words",)
    assert "3 → 2.5" in str(difference) and difference.sentence in str(difference)
    assert "words" in difference._repr_html_() and pickle.loads(pickle.dumps(difference))
    same = store.diff(first, first)
    assert not same and same.comparability == "identical" and same.edits == ()
    assert store.diff(first) == difference
    with pytest.raises(NotFoundError):
        store.diff(first, "essay@nope")


def two_branches(store: Store) -> None:
    store.create_branch("exp")
    store.commit(edits.reweight("flow", 2, because="the gold follows it"), branch="exp")
    store.commit(edits.reweight("style", 4), branch="exp")
    store.commit(edits.reweight("flow", 5, because="length decides"))


def test_conflicts_are_values(store: Store) -> None:
    two_branches(store)
    tip = store.pull("essay@main").commit
    report = store.merge("exp")
    assert not report.ok and report.kind == "conflicts" and report.commit is None
    assert not report  # `if store.merge(…):` must not take it for a merge
    assert store.pull("essay@main").commit == tip
    (conflict,) = report.conflicts
    assert (conflict.rubric, conflict.code, conflict.criterion) == ("essay", "both_changed", "flow")
    assert (conflict.base, conflict.ours, conflict.theirs) == (3, 5, 2)
    assert conflict.our_causes[0]["edit"]["rationale"] == "length decides"
    assert "mean" in conflict.rules and conflict.takes_value and conflict.path in str(report)
    assert pickle.loads(pickle.dumps(report)) == report


@pytest.mark.parametrize(
    "settle, weight",
    [
        ({"settle": ["flow.weight=mean"]}, 3.5),
        ({"settle": "flow.weight=theirs"}, 2),
        ({"settle": {"flow.weight": 1.25}}, 1.25),
        ({"settle": {"flow.weight": "ours"}}, 5),
        ({"settle_all": ["ours"]}, 5),
        ({"settle_all": "mean"}, 3.5),
    ],
    ids=str,
)
def test_settlements(store: Store, settle: dict[str, object], weight: float) -> None:
    two_branches(store)
    dry = store.merge("exp", dry_run=True, **settle)  # type: ignore[arg-type]
    assert dry.ok and dry.dry_run and dry.commit is None
    report = store.merge("exp", because="both", **settle)  # type: ignore[arg-type]
    assert report.kind == "merged" and report and report.ok and report.conflicts == ()
    pin = store.pull("essay@main")
    assert pin.commit == report.commit and pin.rubric["flow"].weight == weight
    assert pin.rubric["style"].weight == 4
    assert report.rubrics[0].settled and store.log(limit=1)[0].kind == "merged"
    assert store.merge("exp").kind == "up_to_date"


def test_settlements_that_do_not_fit(store: Store) -> None:
    two_branches(store)
    for wrong in ("flwo.weight=mean", "flow.weight=strictest", "flow.weight", "=", ""):
        with pytest.raises((MergeError, RubricStoreError)):
            store.merge("exp", settle=[wrong])
    with pytest.raises(NotFoundError):
        store.merge("nope")


def test_fast_forward(store: Store) -> None:
    store.create_branch("exp")
    tip = store.commit(edits.reweight("flow", 2), branch="exp").commit
    assert store.merge("exp", dry_run=True).kind == "fast_forward"
    report = store.merge("exp", into="main")
    assert report.kind == "fast_forward" and report.commit == tip == store.pull("essay@main").commit


def test_notes(store: Store) -> None:
    notes = store.note("essay@main", {"gold-agreement": 0.5}, step=640, gold=1, message="run 12")
    assert {note.metric: note.value for note in notes} == {"gold-agreement": 0.5, "gold": 1}
    assert len(notes) == 2 and notes[0].step == 640 and notes[0].message == "run 12"
    at = notes[0].at
    assert at is not None and abs((datetime.now(timezone.utc) - at).total_seconds()) < 600
    assert store.notes("essay") == notes and notes.commit == store.pull("essay").commit
    for wrong in (float("nan"), float("inf"), "high", None, {}):
        with pytest.raises(ArgumentError):
            store.note("essay", gold=wrong)  # type: ignore[arg-type]
    with pytest.raises(RubricStoreError):
        store.note("essay", {"Not A Name": 1})
    with pytest.raises(RubricStoreError):
        store.note("essay", gold=1, step=-1)
    with pytest.raises(RubricStoreError):
        store.note("essay")
    with pytest.raises(NotFoundError):
        store.notes("essay@nope")


def test_writers_do_not_lose_updates(store: Store) -> None:
    """Each thread has its own store, as each process would."""
    from threading import Thread

    failures: list[BaseException] = []

    def write(number: int) -> None:
        try:
            own = Store.open(store.path)
            for step in range(5):
                own.commit(edits.add({"id": f"c{number}-{step}", "text": "x"}))
        except BaseException as error:
            failures.append(error)

    threads = [Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(store.pull("essay@main").rubric) == 7 + 20
    assert git(store, "rev-list", "--count", "main") == "21"


def test_what_is_printed_says_why(store: Store) -> None:
    made = store.commit(edits.reweight("flow", 1, because="it follows length"))
    assert "reweight `flow` 3 → 1: it follows length" in str(made)
    assert "it follows length" in str(store.log()[0])
