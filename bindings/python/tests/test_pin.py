"""A pin: what it is, that it cannot be changed, and that it travels as its name."""

from __future__ import annotations

import copy
import gc
import pickle
import subprocess
import sys
import weakref
from html.parser import HTMLParser
from pathlib import Path

import pytest

from conftest import COLUMNS, ESSAY, GOOD, ladder
from rubricstore import (
    ArgumentError,
    NotFoundError,
    PinnedRubric,
    RubricStoreError,
    Store,
    edits,
    pull_cached,
)


def test_what_it_is(pin: PinnedRubric) -> None:
    assert pin.id == "essay" and len(pin.commit) == 40 and pin.name == f"essay@{pin.commit}"
    assert pin.title == "Ein Aufsatz, größer als „gut“" and pin.mode == "per_criterion"
    assert pin.range == (0.0, 0.8) and str(pin) == pin.name
    assert set(pin.hashes) == {"content", "judge", "scoring"}
    assert repr(pin) == f"<PinnedRubric essay@{pin.commit[:12]}, 5 criteria>"


def test_columns(pin: PinnedRubric) -> None:
    assert pin.column_ids == COLUMNS == tuple(column.id for column in pin.columns)
    words = pin.columns[pin.index("words")]
    assert (words.group, words.path, words.min, words.max) == ("style", ("style",), 0, 10)
    assert pin.columns[3].polarity == "negative" and pin.columns[4].status == "diagnostic"
    with pytest.raises(NotFoundError, match="flwo"):
        pin.index("flwo")
    with pytest.raises(LookupError):
        pin.index("style")  # a group is not judged


def test_texts(pin: PinnedRubric) -> None:
    assert pin.source == ESSAY and pin.yaml != ESSAY and pin.yaml.startswith("schema: rubric/1\n")
    assert pin.json()["criteria"][0]["id"] == "flow"
    pin.json()["id"] = "other"
    assert pin.json()["id"] == "essay"
    assert "Logical flow" in pin.prompt("flow") and "padding" not in pin.prompt("flow")
    assert "Says the same thing twice." in pin.prompt()
    assert pin.schema()["type"] == "object" and pin.schema("rhythm") != pin.schema("flow")
    for call in (pin.prompt, pin.schema):
        for wrong in ("flwo", "spelling", "style", ""):
            with pytest.raises(NotFoundError):
                call(wrong)
        with pytest.raises(ArgumentError):
            call("a\0b")
        with pytest.raises(TypeError):
            call(3)  # type: ignore[arg-type]


def test_the_document(pin: PinnedRubric) -> None:
    rubric = pin.rubric
    assert rubric is pin.rubric and rubric.id == "essay" and len(rubric) == 7
    assert [item.id for item in rubric.criteria] == [
        "flow",
        "style",
        "padding",
        "length",
        "spelling",
    ]
    assert [item.id for item in rubric][:4] == ["flow", "style", "words", "rhythm"]
    flow, style = rubric["flow"], rubric["style"]
    assert flow.weight == 3 and flow.gate is not None and flow.gate.cap == 0.4
    assert flow.scale.kind == "numeric" and flow.scale.step == 1 and flow.scale.levels == ()
    assert flow.lower_when == ("The text is only a title.",) and not flow.is_group
    assert style.is_group and [item.id for item in style] == ["words", "rhythm"]
    assert rubric["words"].path == ("style",) and rubric["rhythm"].scale.kind == "binary"
    assert rubric["padding"].pinned and rubric["padding"].polarity == "negative"
    assert rubric.aggregation.method == "weighted_mean" and rubric.aggregation.clip == (0, 1)
    assert rubric.judge.mode == "per_criterion" and rubric.budget.criteria is None
    assert "flow" in rubric and "flwo" not in rubric and rubric.get("flwo") is None
    with pytest.raises(LookupError):
        rubric["flwo"]
    with pytest.raises(AttributeError):
        rubric.title = "x"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        del flow.weight
    assert rubric.to_dict() == pin.json() and pickle.loads(pickle.dumps(rubric)) == rubric
    assert pickle.loads(pickle.dumps(rubric["words"])).path == ("style",)


def test_shares_are_those_of_the_weights(pin: PinnedRubric) -> None:
    shares = pin.rubric.shares()
    assert shares == pytest.approx(
        {"flow": 0.6, "style": 0.2, "padding": 0.2, "words": 0.4 / 3, "rhythm": 0.2 / 3}
    )


def test_shares_of_a_sum_count_the_width_of_scales(store: Store) -> None:
    store.add(
        "schema: rubric/1\nid: points\naggregation: {method: sum, clip: null}\ncriteria:\n"
        "- {id: a, text: a, scale: {numeric: {min: 0, max: 3}}}\n- {id: b, text: b}\n"
    )
    assert store.pull("points").rubric.shares() == {"a": 0.75, "b": 0.25}


def test_it_cannot_be_changed(pin: PinnedRubric) -> None:
    for name in ("commit", "id", "columns", "other"):
        with pytest.raises(AttributeError):
            setattr(pin, name, "x")
    with pytest.raises(AttributeError):
        pin.columns[0].min = 3  # type: ignore[misc]
    pin.hashes["judge"] = "x"
    pin.stamp()["judge"] = "x"
    assert pin.hashes["judge"] == pin.stamp()["judge"] != "x"


def test_equal_and_hashable(store: Store) -> None:
    first = store.pull("essay@main")
    assert first == store.pull("essay") == store.pull(first.name) and first is not None
    assert len({first, store.pull("essay@main"), store.pull("essay@main~0")}) == 1
    store.commit(edits.reweight("flow", 2))
    assert store.pull("essay@main") != first == store.pull(first.name)
    assert first != first.name and first != None  # noqa: E711
    assert copy.copy(first) is first and copy.deepcopy(first) is first


def test_a_full_hash_is_pulled_once(store: Store) -> None:
    name = store.pull("essay@main").name
    assert store.pull(name) is store.pull(name)
    assert store.pull("essay@main") is not store.pull("essay@main")
    # A prefix may come to stand for something else.
    assert store.pull(name[:20]) is not store.pull(name[:20])


def test_a_name_is_what_the_library_says(store: Store) -> None:
    for revision in ("essay@main", store.pull("essay@main").name):
        pin = Store.open(store.path).pull(revision)
        about = pin._about()
        assert (pin.id, pin.commit) == (about["rubric"], about["commit"])
    for other in (pin.name.upper(), f"essay@{pin.commit.upper()}"):
        try:
            assert store.pull(other) == pin
        except RubricStoreError:
            pass


def test_the_memory_of_pins_has_an_end(store: Store) -> None:
    commits = [store.commit(edits.rename("flow", f"title {number}")) for number in range(300)]
    for commit in commits:
        assert store.pull(commit.name).commit == commit.commit
    assert len(store._pins) <= 256
    assert store.pull(commits[0].name).rubric["flow"].title == "title 0"


def test_pickled_as_its_name(store: Store) -> None:
    pin = store.pull("essay@main")
    data = pickle.dumps(pin)
    assert len(data) < 400
    assert pickle.loads(data) == pin and pickle.loads(data) is pickle.loads(data)
    assert pickle.loads(pickle.dumps([pin, pin]))[0].score(GOOD) == pin.score(GOOD)
    store.close()
    assert pickle.loads(pickle.dumps(pin)) == pin


def test_pickled_into_another_process_and_folder(store: Store, tmp_path: Path) -> None:
    pin = store.pull("essay@main")
    (tmp_path / "pin").write_bytes(pickle.dumps((pin, pin.score(GOOD), store)))
    code = (
        "import pickle; pin, score, store = pickle.load(open('pin', 'rb')); "
        f"print(pin.name, pin.score({GOOD!r}) == score, store.pull(pin.name) == pin)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert done.stdout.split() == [pin.name, "True", "True"]


def test_a_pickle_whose_store_is_gone(store: Store, tmp_path: Path) -> None:
    data = pickle.dumps(store.pull("essay@main"))
    Path(store.path).rename(tmp_path / "elsewhere")
    with pytest.raises(RubricStoreError):
        pickle.loads(data)


def test_pulled_from_a_cache_alone(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "runs", cache=tmp_path / "cache")
    store.add(ESSAY)
    name = store.pull("essay@main").name
    store.pull(name)
    pin = pull_cached(tmp_path / "cache", name)
    assert pin.score(GOOD) == store.pull(name).score(GOOD)
    assert pickle.loads(pickle.dumps(pin)) == pin
    with pytest.raises(NotFoundError):
        pull_cached(tmp_path / "cache", "essay@" + "0" * 40)
    with pytest.raises(NotFoundError):
        pull_cached(tmp_path / "nowhere", name)
    for moving in ("essay@main", "essay", ""):
        with pytest.raises(RubricStoreError):
            pull_cached(tmp_path / "cache", moving)


def test_freed_with_the_object(store: Store) -> None:
    pin = store.pull("essay@main")
    handle, watch = pin._handle, weakref.ref(pin)
    from rubricstore import _ffi

    assert _ffi.columns(handle) == 5
    del pin
    gc.collect()
    assert watch() is None
    with pytest.raises(RubricStoreError):
        _ffi.columns(handle)


class Checker(HTMLParser):
    """Whether elements are closed in order, and what they are."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


HARMLESS = set("style div b i ul li p span code details summary table tr td th ins del".split())

NASTY = """\
schema: rubric/1
id: nasty
title: <script>alert(1)</script>
criteria:
  - id: a
    title: '"><img src=x onerror=alert(1)>'
    text: '</style><script>alert(2)</script>&amp;'
    applies_when: <b>always</b>
    lower_when: ['<iframe>']
    tags: [<svg/onload=alert(3)>]
    scale:
      levels:
        - {value: 0, label: <u>, text: <h1>none</h1>, examples: [<script>]}
        - {value: 1, text: all}
"""


def test_html_is_escaped_and_whole(store: Store) -> None:
    store.add(NASTY)
    first = store.pull("nasty")
    store.commit(
        [
            edits.rename("a", "<script>alert(4)</script>", because="<script>alert(5)</script>"),
            edits.add({"id": "b", "title": "<img src=y>", "text": "<p>"}),
        ],
        rubric="nasty",
    )
    pages = [first._repr_html_(), first.rubric._repr_html_()]
    pages.append(store.diff(first, "nasty")._repr_html_())
    pages.append(store.pull("essay")._repr_html_())
    for page in pages:
        checker = Checker()
        checker.feed(page)
        checker.close()
        assert checker.open == [] and checker.seen <= HARMLESS, checker.seen - HARMLESS
        assert "http" not in page and "src=" not in page.replace("src=x", "").replace("src=y", "")
    assert "&lt;script&gt;alert(1)" in pages[0] and "&lt;script&gt;alert(4)" in pages[2]
    assert "60.0%" in pages[3] and "pinned" in pages[3] and "below 2: cap 0.4" in pages[3]


def test_a_wide_rubric(store: Store) -> None:
    store.add(ladder(2_000))
    pin = store.pull("ladder")
    assert len(pin.columns) == len(pin.rubric) == 2_000 and pin.index("c1999") == 1_999
    assert sum(pin.rubric.shares().values()) == pytest.approx(1)
