"""Stores: opening, closing, names, and what is an error."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

import rubricstore
from conftest import ESSAY, git
from rubricstore import (
    ArgumentError,
    ClosedError,
    DocumentSyntaxError,
    ExistsError,
    NotFoundError,
    RevisionError,
    RubricStoreError,
    Store,
    edits,
    validate,
)


def test_open_and_create(tmp_path: Path) -> None:
    made = Store.create(tmp_path / "a" / "b")
    assert made.path == str(tmp_path / "a" / "b") and made.git_folder.endswith(".git")
    assert made.head.name == "main" and made.head.commit is None and not made.bare
    for path in (tmp_path / "a" / "b", str(tmp_path / "a" / "b"), tmp_path / "a" / "b" / ".git"):
        assert Store.open(path).git_folder == made.git_folder
    assert Store.create(tmp_path / "a" / "b").path == made.path
    bare = Store.create(str(tmp_path / "bare"), bare=True, branch="trunk")
    assert bare.bare and bare.head.name == "trunk"
    assert repr(made) == f"<Store at {tmp_path / 'a' / 'b'}>"


def test_discover(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = Path(store.path) / "deep" / "er"
    inner.mkdir(parents=True)
    assert Store.open(inner).path == store.path
    with pytest.raises(NotFoundError):
        Store.open(inner, discover=False)
    monkeypatch.chdir(inner)
    here = Store.open()
    monkeypatch.chdir("/")
    # What was opened by a relative path is not looked for in the new folder.
    assert pickle.loads(pickle.dumps(here)).path == store.path
    assert pickle.loads(pickle.dumps(here.pull("essay"))) == here.pull("essay")


@pytest.mark.parametrize("path", ["", "a\0b", "x" * 100_000, "\udcff"])
def test_paths_that_are_none(path: str) -> None:
    for call in (Store.open, Store.create):
        with pytest.raises(RubricStoreError):
            call(path)


def test_paths_of_another_kind(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        Store.open(tmp_path / "nothing here")
    with pytest.raises(TypeError):
        Store.open(3)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Store.open(b"bytes")  # type: ignore[arg-type]
    (tmp_path / "file").write_text("x")
    with pytest.raises(RubricStoreError):
        Store.create(tmp_path / "file")


def test_closing(tmp_path: Path) -> None:
    with Store.create(tmp_path / "runs") as store:
        store.add(ESSAY)
        pin = store.pull("essay@main")
    assert store.closed and pin.score([4, 7, 1, 0, 1]).ok
    store.close()
    store.close()
    for use in (
        lambda: store.pull(pin.name),
        lambda: store.pull("essay@main"),
        lambda: store.path,
        lambda: store.log(),
        lambda: store.rubrics(),
        lambda: store.commit([]),
        lambda: store.follow("essay@main"),
        lambda: store.meta_update([]),
        lambda: pickle.dumps(store),
        lambda: store.__enter__(),
    ):
        with pytest.raises(ClosedError, match="closed"):
            use()
    assert "closed" in repr(store)


def test_closed_by_another_thread(store: Store) -> None:
    """The library itself tells handles that live from those that do not."""
    from rubricstore import _ffi

    handle = store._handle
    store.close()
    store._handle = handle
    with pytest.raises(ClosedError):
        store.rubrics()
    with pytest.raises(ClosedError):
        _ffi.columns(handle)
    store._handle = 0


def test_names(store: Store) -> None:
    commit = store.pull("essay@main").commit
    assert store.rubrics() == ["essay"] == store.rubrics("main")
    resolved = store.resolve("essay@main")
    assert (resolved.rubric, resolved.commit, resolved.branch) == ("essay", commit, "main")
    assert resolved.name == f"essay@{commit}" and store.resolve().commit == commit
    for revision in ("", "essay", "essay@", "@main", "@HEAD", f"essay@{commit[:9]}", resolved):
        assert store.pull(revision).commit == commit


@pytest.mark.parametrize(
    "revision, kind",
    [
        ("essay@nope", NotFoundError),
        ("nope@main", NotFoundError),
        ("essay@" + "0" * 40, NotFoundError),
        ("essay@main~99", NotFoundError),
        ("essay@..", RubricStoreError),
        ("ESSAY@main", RubricStoreError),
        ("essay@ma in", RubricStoreError),
        ("essay@größe", RubricStoreError),
        ("essay@\ud800", ArgumentError),
        ("essay@a\0", ArgumentError),
        ("@" * 1000, RubricStoreError),
        ("x" * 200_000, RubricStoreError),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_names_of_nothing(store: Store, revision: str, kind: type[Exception]) -> None:
    for call in (store.pull, store.resolve):
        with pytest.raises(kind):
            call(revision)


def test_names_of_another_kind(store: Store) -> None:
    for wrong in (3, None, b"essay"):
        with pytest.raises(TypeError):
            store.pull(wrong)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        store.pull([])  # type: ignore[arg-type]


def test_a_branch_that_is_gone_is_an_error(store: Store) -> None:
    store.create_branch("exp")
    pin = store.pull("essay@exp")
    assert pin.commit == store.pull("essay@main").commit
    store.delete_branch("exp")
    with pytest.raises(NotFoundError):
        store.pull("essay@exp")
    assert store.pull(pin.name) == pin


def test_a_branch_that_moves_is_looked_up(store: Store) -> None:
    first = store.pull("essay@main")
    # By git, not by us.
    path = Path(store.path) / "rubrics" / "essay.yaml"
    path.write_text(ESSAY.replace("weight: 3", "weight: 4"))
    git(store, "commit", "-qam", "by hand")
    assert store.pull("essay@main").rubric["flow"].weight == 4
    assert store.pull(first.name).rubric["flow"].weight == 3
    git(store, "reset", "-q", "--hard", "HEAD~1")
    assert store.pull("essay@main") == first


def test_branches_and_tags(store: Store) -> None:
    first = store.pull("").commit
    made = store.create_branch("exp/a", "main")
    assert (made.name, made.commit) == ("exp/a", first) and str(made) == "exp/a"
    with pytest.raises(ExistsError):
        store.create_branch("exp/a")
    with pytest.raises(RubricStoreError):
        store.create_branch("a..b")
    with pytest.raises(RubricStoreError):
        store.create_branch("ok", "nope")
    assert {branch.name: branch.head for branch in store.branches()} == {
        "main": True,
        "exp/a": False,
    }
    store.commit(edits.reweight("flow", 2), branch="exp/a")
    with pytest.raises(RubricStoreError):
        store.delete_branch("exp/a")  # no other branch has that commit
    store.delete_branch("exp/a", force=True)
    with pytest.raises(NotFoundError):
        store.delete_branch("exp/a")
    light, heavy = store.create_tag("v1"), store.create_tag("v2", "main", "the second")
    assert light.commit == heavy.commit == first and heavy.message == "the second"
    assert [(tag.name, tag.message) for tag in store.tags()] == [("v1", None), ("v2", "the second")]
    assert store.pull("essay@v2").commit == first
    # The hash of an annotated tag is no commit's.
    with pytest.raises(RubricStoreError):
        store.pull("essay@" + git(store, "rev-parse", "v2"))
    store.delete_tag("v1")
    with pytest.raises(NotFoundError):
        store.pull("essay@v1")


def test_documents(store: Store, tmp_path: Path) -> None:
    assert validate(ESSAY) == [] == store.validate(ESSAY.encode()) == validate(store.pull().json())
    findings = validate("schema: rubric/1\nid: x\ncriteria:\n  - {id: a, txet: b}\n")
    assert findings and findings[0].line == 4 and "txet" in findings[0].message
    assert "4:" in str(findings[0]) and findings[0] == findings[0] and hash(findings[0])
    path = tmp_path / "other.yaml"
    path.write_text(ESSAY.replace("id: essay", "id: other"))
    made = store.add(path, because="another")
    assert (made.rubric, made.kind, made.commit) == ("other", "created", store.pull("other").commit)
    document = store.pull("other").json()
    document["criteria"][0]["weight"] = 9
    changed = store.add(document, author="Bob <bob@example.org>")
    assert [edit["op"] for edit in changed.edits] == ["reweight"] and changed.kind == "edited"
    assert git(store, "log", "-1", "--format=%an <%ae>") == "Bob <bob@example.org>"
    with pytest.raises(rubricstore.NothingToCommit):
        store.add(document)
    with pytest.raises(DocumentSyntaxError) as caught:
        store.add(ESSAY.replace("weight: 3", "weight: -3"))
    assert caught.value.findings[0].line is not None and "-3" in str(caught.value)
    assert pickle.loads(pickle.dumps(caught.value)).findings == caught.value.findings
    removed = store.remove("other", because="not needed")
    assert removed.kind == "removed" and store.rubrics() == ["essay"]


def test_a_path_as_text_is_told(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "rubric.yaml"
    path.write_text(ESSAY)
    with pytest.raises(DocumentSyntaxError, match="pathlib.Path"):
        store.add(str(path))


@pytest.mark.parametrize(
    "document",
    ["", "\0", "a: [", "[" * 100_000, "x" * 20_000_000, "- 1", "schema: rubric/1", "\ufeff", "&a"],
    ids=lambda value: repr(value)[:12],
)
def test_documents_that_are_none(store: Store, document: str) -> None:
    try:
        assert validate(document)
    except RubricStoreError:
        pass
    with pytest.raises(RubricStoreError):
        store.add(document)
    for wrong in (3, None, object()):
        with pytest.raises(TypeError):
            store.add(wrong)  # type: ignore[arg-type]


def test_a_document_with_nul_keeps_its_length() -> None:
    assert validate("schema: rubric/1\0\nid: x\n" + ESSAY)


def test_imports(store: Store) -> None:
    root = Path(__file__).resolve().parents[3]
    example = root / "examples" / "essay" / "rubric.txt"
    if not example.exists():
        pytest.skip("the example is not here")
    made = store.import_(example, id="imported", because="from a run")
    assert made.kind == "created" and made.rubric == "imported" and made.notes
    assert store.import_(example.read_text(), "mpo", "again").rubric == "again"
    with pytest.raises(RubricStoreError):
        store.import_("nothing of that kind", id="none")


def test_the_author(store: Store) -> None:
    for number, author in enumerate(
        ["Bob <b@example.org>", ("Bob", "b@example.org"), {"name": "Bob", "email": "b@example.org"}]
    ):
        store.commit(edits.reweight("flow", 10 + number), author=author)  # type: ignore[arg-type]
        assert git(store, "log", "-1", "--format=%an <%ae>") == "Bob <b@example.org>"
    for wrong in ("Bob", "<b@example.org>", "Bob <b@example.org", "Bob <b@e> x"):
        with pytest.raises(ArgumentError):
            store.commit(edits.reweight("flow", 9), author=wrong)


def test_clones(store: Store, tmp_path: Path) -> None:
    store.note("essay", gold=0.5)
    clone = Store.clone(store.path, tmp_path / "clone")
    assert clone.pull("essay@main") == store.pull("essay@main") and clone.head.name == "main"
    assert [note.value for note in clone.notes("essay")] == [0.5]
    bare = Store.clone(f"file://{store.path}", tmp_path / "bare", bare=True)
    assert bare.bare and bare.pull("essay").score([4, 7, 1, 0, 1]).ok
    with pytest.raises(RubricStoreError):
        Store.clone(store.path, tmp_path / "clone")
    with pytest.raises(RubricStoreError):
        Store.clone(tmp_path / "nothing", tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_the_errors_form_a_tree() -> None:
    from rubricstore import errors

    for name in errors.__all__:
        kind = getattr(errors, name)
        if isinstance(kind, type) and issubclass(kind, BaseException):
            assert issubclass(kind, RubricStoreError), name
            # As torch makes one anew in the process that waits, and as pickle does.
            made = kind("what was found")
            made.hint = "what to do"
            again = pickle.loads(pickle.dumps(made))
            assert type(again) is kind and str(again) == "what was found (what to do)"
            assert made.code == kind.default_code
    assert issubclass(NotFoundError, LookupError) and issubclass(RevisionError, ValueError)
    assert issubclass(rubricstore.StoreIOError, OSError)


def test_every_status_has_its_exception() -> None:
    from rubricstore import errors

    header = Path(__file__).resolve().parents[3] / "Sources/CRubricStore/include/rubricstore.h"
    if not header.exists():
        pytest.skip("the header is not here")
    import re

    numbers = re.findall(r"RS_ERR_\w+ = (\d+)", header.read_text())
    assert {int(number) for number in numbers} == set(errors._BY_STATUS)


def test_a_store_that_cannot_be_read(store: Store) -> None:
    if os.geteuid() == 0:
        (Path(store.git_folder) / "HEAD").write_text("broken")
        with pytest.raises(RubricStoreError):
            Store.open(store.path, discover=False)


def test_an_object_that_is_damaged(store: Store) -> None:
    blob = git(store, "rev-parse", "HEAD:rubrics/essay.yaml")
    path = Path(store.git_folder) / "objects" / blob[:2] / blob[2:]
    path.chmod(0o644)
    path.write_bytes(b"x" * 40)
    with pytest.raises(RubricStoreError) as caught:
        Store.open(store.path).pull("essay@main")
    assert caught.value.code
