"""Every edit that the package makes is one that the library takes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rubricstore import Store, edits

LEVELS = """\
schema: rubric/1
id: levels
criteria:
  - id: a
    title: A
    text: a
    tags: [x]
    gate: {min: 1, effect: veto}
    lower_when: [It is short.]
    scale:
      levels:
        - {value: 0, text: none, examples: [one, two]}
        - {value: 1, text: some}
        - {value: 2, text: all}
  - {id: b, text: b, pinned: true, status: inactive}
  - id: g
    criteria:
      - {id: c, text: c}
      - {id: d, text: d}
"""

CASES: dict[str, dict[str, Any]] = {
    "add": edits.add({"id": "e", "text": "e"}),
    "add into": edits.add({"id": "e", "text": "e"}, parent="g"),
    "add after": edits.add({"id": "e", "text": "e"}, parent="g", follows="c"),
    "add first": edits.add({"id": "e", "text": "e"}, follows=None),
    "add at the top": edits.add({"id": "e", "text": "e"}, parent=None, follows="a"),
    "remove": edits.remove("c"),
    "move": edits.move("d"),
    "move into": edits.move("a", parent="g", follows="d"),
    "reorder": edits.reorder(["g", "b", "a"]),
    "reorder a group": edits.reorder(["d", "c"], group="g"),
    "rename": edits.rename("a", "B"),
    "rename the rubric": edits.rename(None, "B"),
    "split": edits.split("c", [{"id": "c1", "text": "1"}, {"id": "c2", "text": "2"}]),
    "merge_criteria": edits.merge_criteria(["c", "d"], {"id": "cd", "text": "both"}),
    "reword": edits.reword("a", "b"),
    "reword reasons": edits.reword("a", lower_when=["Other."]),
    "tighten": edits.tighten("a", lower_when=["It is short.", "It is long."]),
    "tighten a gate": edits.tighten("a", gate={"min": 2, "effect": "veto"}),
    "tighten levels": edits.tighten("a", levels={0: "nothing", 1: "some", 2: "really all"}),
    "relax": edits.relax("a", lower_when=[]),
    "relax a gate": edits.relax("a", gate=None),
    "rescale": edits.rescale("c", {"numeric": {"min": 0, "max": 5}}),
    "rescale to binary": edits.rescale("a", "binary"),
    "set_gate": edits.set_gate("c", 1),
    "set_gate cap": edits.set_gate("c", 1, "cap", cap=0.5),
    "clear_gate": edits.clear_gate("a"),
    "set_applicability": edits.set_applicability("c", "It is prose."),
    "add_level": edits.add_level("a", {"value": 3, "text": "more"}, follows=2),
    "add_level first": edits.add_level("a", {"value": 0.5, "text": "half"}),
    "remove_level": edits.remove_level("a", {"value": 2, "text": "all"}, follows=1),
    "edit_level": edits.edit_level("a", {"value": 1, "text": "half", "label": "fair"}),
    "add_example": edits.add_example("a", 0, "three", follows="two"),
    "remove_example": edits.remove_example("a", 0, "one"),
    "reweight": edits.reweight("a", 2),
    "reweight with reasons": edits.reweight("a", 2, because="so", evidence=["r1", "r2"]),
    "set_polarity": edits.set_polarity("c", "negative", credit="avoidance"),
    "set_rollup": edits.set_rollup("g", "max"),
    "set_aggregation": edits.set_aggregation({"method": "sum", "clip": None}),
    "activate": edits.activate("b"),
    "deactivate": edits.deactivate("c"),
    "deactivate diagnostic": edits.deactivate("c", "diagnostic"),
    "pin": edits.pin("a"),
    "unpin": edits.unpin("b"),
    "retag": edits.retag("a", ["y", "z"]),
    "set_origin": edits.set_origin("a", "seed"),
    "set_ext": edits.set_ext("a", {"k": [1, None]}),
    "set_ext of the rubric": edits.set_ext(None, {"k": 1}),
    "set_judge": edits.set_judge({"mode": "one_call"}),
    "set_preamble": edits.set_preamble("Read this."),
    "set_postamble": edits.set_postamble("That was it."),
    "set_description": edits.set_description("For people."),
    "set_subject": edits.set_subject("cluster", "essays"),
    "set_budget": edits.set_budget(criteria=10, characters=1000),
    "no_change": edits.no_change(because="all is well"),
}


@pytest.fixture(scope="module")
def levels(tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = Store.create(tmp_path_factory.mktemp("levels") / "runs")
    store.add(LEVELS)
    return store


@pytest.mark.parametrize("name", CASES)
def test_the_library_takes_it(levels: Store, name: str) -> None:
    edit = CASES[name]
    made = levels.commit(edit, dry_run=True)
    assert [done["op"] for done in made.edits] == [edit["op"]]
    assert "because" not in edit or made.edits[0]["rationale"] == edit["because"]
    words = edits.words(made.edits[0])
    assert words.startswith(edit["op"].replace("_", " ")) and "\n" not in words


def test_every_kind_has_a_function() -> None:
    made = {edit["op"] for edit in CASES.values()}
    assert made == set(edits.__all__) - {"words"}
    specification = Path(__file__).resolve().parents[3] / "SPEC.md"
    if specification.exists():
        text = specification.read_text().partition("### 5.1 Kinds")[2].partition("The forms")[0]
        for kind in made:
            assert f"`{kind}`" in text, kind


def test_edits_are_plain_data() -> None:
    for edit in CASES.values():
        assert json.loads(json.dumps(edit)) == edit


def test_edits_in_words() -> None:
    assert edits.words({"op": "reweight", "id": "flow", "before": 1, "after": 2.5}) == (
        "reweight `flow` 1 → 2.5"
    )
    assert edits.words(edits.no_change(because="so")) == "no change: so"
    assert edits.words({"op": "split", "id": "a", "after": [{"criterion": {"id": "b"}}]}) == (
        "split `a` into `b`"
    )
    long = edits.words({"op": "reword", "id": "a", "before": "x" * 500, "after": "y\nz"})
    assert len(long) < 200 and "\n" not in long
