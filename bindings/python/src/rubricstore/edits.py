"""Typed edits for `Store.commit`: one function for each kind.

Each makes a mapping as SPEC.md 5 describes it, such as ``{"op": "reweight", "id": "flow",
"after": 2}``; what an edit finds (``before``) is filled in when it is made. `because` says why, and
is recorded with the edit.

>>> from rubricstore import edits
>>> edits.reweight("flow", 2, because="it tells essays apart")
{'op': 'reweight', 'id': 'flow', 'after': 2, 'because': 'it tells essays apart'}
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any, Literal

__all__ = [
    "activate",
    "add",
    "add_example",
    "add_level",
    "clear_gate",
    "deactivate",
    "edit_level",
    "merge_criteria",
    "move",
    "no_change",
    "pin",
    "reword",
    "relax",
    "remove",
    "remove_example",
    "remove_level",
    "rename",
    "reorder",
    "rescale",
    "retag",
    "reweight",
    "set_aggregation",
    "set_applicability",
    "set_budget",
    "set_description",
    "set_ext",
    "set_gate",
    "set_judge",
    "set_origin",
    "set_polarity",
    "set_postamble",
    "set_preamble",
    "set_rollup",
    "set_subject",
    "split",
    "tighten",
    "unpin",
    "words",
]

# Told apart from None, which is a value: the top level, no gate.
_UNSET: Any = object()


def _edit(
    op: str,
    id: str | None,
    because: str,
    evidence: Iterable[str],
    **members: Any,
) -> dict[str, Any]:
    edit: dict[str, Any] = {"op": op}
    if id is not None:
        edit["id"] = id
    edit.update((key, value) for key, value in members.items() if value is not _UNSET)
    if because:
        edit["because"] = because
    references = [evidence] if isinstance(evidence, str) else list(evidence)
    if references:
        edit["evidence"] = references
    return edit


def _given(**members: Any) -> dict[str, Any]:
    return {key: value for key, value in members.items() if value is not None}


def _place(parent: str | None, follows: str | None) -> Any:
    if parent is _UNSET and follows is _UNSET:
        return _UNSET
    place: dict[str, Any] = {}
    if parent is not _UNSET and parent is not None:
        place["parent"] = parent
    if follows is not _UNSET and follows is not None:
        place["follows"] = follows
    return place


def _gate(min: float, effect: str, cap: float | None) -> dict[str, Any]:
    return _given(min=min, effect=effect, cap=cap)


# ---- Criteria ----


def add(
    criterion: Mapping[str, Any],
    *,
    parent: str | None = _UNSET,
    follows: str | None = _UNSET,
    because: str = "",
    evidence: Iterable[str] = (),
) -> dict[str, Any]:
    """Adds a criterion or a group.

    Parameters
    ----------
    criterion : mapping
        As in the document: ``{"id": "tone", "text": "…", "weight": 2}``.
    parent : str or None, optional
        The group that it comes into; None for the top level.
    follows : str or None, optional
        The sibling that it comes right after; None for the first place. If neither is given it
        comes last at the top level, if only `parent` is, first in the group.
    """
    after: dict[str, Any] = {"criterion": dict(criterion)}
    place = _place(parent, follows)
    if place is not _UNSET:
        after["place"] = place
    return _edit("add", None, because, evidence, after=after)


def remove(id: str, *, because: str = "", evidence: Iterable[str] = ()) -> dict[str, Any]:
    """Removes a criterion, or a group with all that is in it."""
    return _edit("remove", id, because, evidence)


def move(
    id: str,
    *,
    parent: str | None = None,
    follows: str | None = None,
    because: str = "",
    evidence: Iterable[str] = (),
) -> dict[str, Any]:
    """Puts a criterion elsewhere.

    It comes into `parent` (None: the top level), right after `follows` (None: first).
    """
    return _edit("move", id, because, evidence, after=_place(parent, follows))


def reorder(
    order: Sequence[str],
    *,
    group: str | None = None,
    because: str = "",
    evidence: Iterable[str] = (),
) -> dict[str, Any]:
    """Puts all criteria of a group (None: of the top level) into another order."""
    return _edit("reorder", group, because, evidence, after=list(order))


def rename(
    id: str | None, title: str, *, because: str = "", evidence: Iterable[str] = ()
) -> dict[str, Any]:
    """Gives a criterion (None: the rubric) another title."""
    return _edit("rename", id, because, evidence, after=title)


def split(
    id: str,
    into: Sequence[Mapping[str, Any]],
    *,
    because: str = "",
    evidence: Iterable[str] = (),
) -> dict[str, Any]:
    """Replaces a criterion by two or more, given as in the document."""
    after = [{"criterion": dict(criterion)} for criterion in into]
    return _edit("split", id, because, evidence, after=after)


def merge_criteria(
    ids: Sequence[str],
    into: Mapping[str, Any],
    *,
    because: str = "",
    evidence: Iterable[str] = (),
) -> dict[str, Any]:
    """Replaces several criteria by one, given as in the document."""
    after = [{"criterion": dict(into)}]
    return _edit("merge_criteria", None, because, evidence, before=list(ids), after=after)


# ---- Wording and grading ----


def reword(
    id: str,
    text: str | None = None,
    *,
    lower_when: Sequence[str] | None = None,
    because: str = "",
    evidence: Iterable[str] = (),
) -> dict[str, Any]:
    """Words a criterion in another way: its text, its reasons to score lower, or both."""
    lower = None if lower_when is None else list(lower_when)
    return _edit("reword", id, because, evidence, after=_given(text=text, lower_when=lower))


def _strictness(
    lower_when: Sequence[str] | None,
    gate: Mapping[str, Any] | None,
    levels: Mapping[float, str] | None,
) -> dict[str, Any]:
    after: dict[str, Any] = {}
    if lower_when is not None:
        after["lower_when"] = list(lower_when)
    if gate is not _UNSET:
        after["gate"] = None if gate is None else dict(gate)
    if levels is not None:
        after["levels"] = [{"value": value, "text": text} for value, text in levels.items()]
    return after


def tighten(
    id: str,
    *,
    lower_when: Sequence[str] | None = None,
    gate: Mapping[str, Any] | None = _UNSET,
    levels: Mapping[float, str] | None = None,
    because: str = "",
    evidence: Iterable[str] = (),
) -> dict[str, Any]:
    """Grades a criterion more strictly.

    Parameters
    ----------
    lower_when : sequence of str, optional
        All reasons to score lower: those that are there, and the new ones.
    gate : mapping, optional
        ``{"min": 2, "effect": "cap", "cap": 0.4}``; not weaker than the one that is there.
    levels : mapping of float to str, optional
        The text of each level, by its value.
    """
    after = _strictness(lower_when, gate, levels)
    return _edit("tighten", id, because, evidence, after=after)


def relax(
    id: str,
    *,
    lower_when: Sequence[str] | None = None,
    gate: Mapping[str, Any] | None = _UNSET,
    levels: Mapping[float, str] | None = None,
    because: str = "",
    evidence: Iterable[str] = (),
) -> dict[str, Any]:
    """Grades a criterion less strictly: the opposite of `tighten`, with the same parameters."""
    after = _strictness(lower_when, gate, levels)
    return _edit("relax", id, because, evidence, after=after)


def rescale(
    id: str,
    scale: Literal["binary"] | Mapping[str, Any],
    *,
    because: str = "",
    evidence: Iterable[str] = (),
) -> dict[str, Any]:
    """Gives a criterion another scale: ``"binary"``, or a mapping as in the document."""
    after = scale if isinstance(scale, str) else dict(scale)
    return _edit("rescale", id, because, evidence, after=after)


def set_gate(
    id: str,
    min: float,
    effect: Literal["veto", "cap"] = "veto",
    *,
    cap: float | None = None,
    because: str = "",
    evidence: Iterable[str] = (),
) -> dict[str, Any]:
    """Sets what a verdict must reach (`min`, in its scale) for the rest to count.

    ``cap`` is the highest reward behind the gate, with the effect ``"cap"``.
    """
    return _edit("set_gate", id, because, evidence, after=_gate(min, effect, cap))


def clear_gate(id: str, *, because: str = "", evidence: Iterable[str] = ()) -> dict[str, Any]:
    """Takes a gate away."""
    return _edit("clear_gate", id, because, evidence)


def set_applicability(
    id: str, when: str, *, because: str = "", evidence: Iterable[str] = ()
) -> dict[str, Any]:
    """Says when a criterion applies; otherwise the judge answers ``na``. Empty: always."""
    return _edit("set_applicability", id, because, evidence, after=when)


# ---- Levels ----


def add_level(
    id: str,
    level: Mapping[str, Any],
    *,
    follows: float | None = _UNSET,
    because: str = "",
    evidence: Iterable[str] = (),
) -> dict[str, Any]:
    """Adds a level, ``{"value": 2, "text": "…"}``.

    It comes after the level of the value `follows`; first if that is left out.
    """
    after: dict[str, Any] = {"level": dict(level)}
    if follows is not _UNSET and follows is not None:
        after["follows"] = follows
    return _edit("add_level", id, because, evidence, after=after)


def remove_level(
    id: str,
    level: Mapping[str, Any],
    *,
    follows: float | None = None,
    because: str = "",
    evidence: Iterable[str] = (),
) -> dict[str, Any]:
    """Removes a level, given whole.

    It must stand after the level of the value `follows` (None: first).
    """
    before: dict[str, Any] = {"level": dict(level)}
    if follows is not None:
        before["follows"] = follows
    return _edit("remove_level", id, because, evidence, before=before)


def edit_level(
    id: str, level: Mapping[str, Any], *, because: str = "", evidence: Iterable[str] = ()
) -> dict[str, Any]:
    """Changes the label, text or examples of the level with the value of `level`, given whole."""
    return _edit("edit_level", id, because, evidence, after=dict(level))


def _example(level: float, text: str, follows: str | None) -> dict[str, Any]:
    example: dict[str, Any] = {"level": level, "text": text}
    if follows is not None:
        example["follows"] = follows
    return example


def add_example(
    id: str,
    level: float,
    text: str,
    *,
    follows: str | None = None,
    because: str = "",
    evidence: Iterable[str] = (),
) -> dict[str, Any]:
    """Adds an example to the level of the value `level`.

    It comes after the example `follows` (None: first).
    """
    return _edit("add_example", id, because, evidence, after=_example(level, text, follows))


def remove_example(
    id: str,
    level: float,
    text: str,
    *,
    follows: str | None = None,
    because: str = "",
    evidence: Iterable[str] = (),
) -> dict[str, Any]:
    """Removes an example, as it stands after the example `follows` (None: first)."""
    return _edit("remove_example", id, because, evidence, before=_example(level, text, follows))


# ---- Scoring ----


def reweight(
    id: str, weight: float, *, because: str = "", evidence: Iterable[str] = ()
) -> dict[str, Any]:
    """Gives a criterion or group another weight, 0 or more, relative to its siblings."""
    return _edit("reweight", id, because, evidence, after=weight)


def set_polarity(
    id: str,
    polarity: Literal["positive", "negative"],
    *,
    credit: Literal["penalty", "avoidance"] | None = None,
    because: str = "",
    evidence: Iterable[str] = (),
) -> dict[str, Any]:
    """Says whether meeting a criterion is good or bad, and how a negative one counts."""
    return _edit(
        "set_polarity", id, because, evidence, after=_given(polarity=polarity, credit=credit)
    )


def set_rollup(
    id: str,
    rollup: Literal["weighted_mean", "sum", "min", "max"],
    *,
    because: str = "",
    evidence: Iterable[str] = (),
) -> dict[str, Any]:
    """Says how a group's criteria become its value."""
    return _edit("set_rollup", id, because, evidence, after=rollup)


def set_aggregation(
    aggregation: Mapping[str, Any], *, because: str = "", evidence: Iterable[str] = ()
) -> dict[str, Any]:
    """Says how verdicts become a reward: ``{"method": "sum", "clip": None}``.

    What is left out is at its default.
    """
    return _edit("set_aggregation", None, because, evidence, after=dict(aggregation))


def activate(id: str, *, because: str = "", evidence: Iterable[str] = ()) -> dict[str, Any]:
    """Judges a criterion, and counts it."""
    return _edit("activate", id, because, evidence, after="active")


def deactivate(
    id: str,
    status: Literal["inactive", "diagnostic"] = "inactive",
    *,
    because: str = "",
    evidence: Iterable[str] = (),
) -> dict[str, Any]:
    """Leaves a criterion out (``inactive``), or judges and only reports it (``diagnostic``)."""
    return _edit("deactivate", id, because, evidence, after=status)


# ---- The rest ----


def pin(id: str, *, because: str = "", evidence: Iterable[str] = ()) -> dict[str, Any]:
    """Forbids the meta-editor to touch a criterion."""
    return _edit("pin", id, because, evidence)


def unpin(id: str, *, because: str = "", evidence: Iterable[str] = ()) -> dict[str, Any]:
    """Allows the meta-editor to touch a criterion."""
    return _edit("unpin", id, because, evidence)


def retag(
    id: str, tags: Sequence[str], *, because: str = "", evidence: Iterable[str] = ()
) -> dict[str, Any]:
    """Replaces the tags of a criterion."""
    return _edit("retag", id, because, evidence, after=list(tags))


def set_origin(
    id: str,
    origin: Literal["seed", "human", "meta", "import"],
    *,
    because: str = "",
    evidence: Iterable[str] = (),
) -> dict[str, Any]:
    """Says where a criterion came from."""
    return _edit("set_origin", id, because, evidence, after=origin)


def set_ext(
    id: str | None,
    ext: Mapping[str, Any],
    *,
    because: str = "",
    evidence: Iterable[str] = (),
) -> dict[str, Any]:
    """Replaces what is kept for others, of a criterion (None: of the rubric)."""
    return _edit("set_ext", id, because, evidence, after=dict(ext))


def set_judge(
    judge: Mapping[str, Any], *, because: str = "", evidence: Iterable[str] = ()
) -> dict[str, Any]:
    """Says how the judge is asked: ``{"mode": "one_call", "model": "…"}``.

    What is left out is at its default.
    """
    return _edit("set_judge", None, because, evidence, after=dict(judge))


def set_preamble(text: str, *, because: str = "", evidence: Iterable[str] = ()) -> dict[str, Any]:
    """Replaces the text that the judge reads before the criteria."""
    return _edit("set_preamble", None, because, evidence, after=text)


def set_postamble(text: str, *, because: str = "", evidence: Iterable[str] = ()) -> dict[str, Any]:
    """Replaces the text that the judge reads after the criteria."""
    return _edit("set_postamble", None, because, evidence, after=text)


def set_description(
    text: str, *, because: str = "", evidence: Iterable[str] = ()
) -> dict[str, Any]:
    """Replaces the description, which no judge sees."""
    return _edit("set_description", None, because, evidence, after=text)


def set_subject(
    granularity: Literal["global", "cluster", "instance"],
    key: str | None = None,
    *,
    because: str = "",
    evidence: Iterable[str] = (),
) -> dict[str, Any]:
    """Says what one judgement is about."""
    return _edit(
        "set_subject", None, because, evidence, after=_given(granularity=granularity, key=key)
    )


def set_budget(
    *,
    criteria: int | None = None,
    depth: int | None = None,
    characters: int | None = None,
    because: str = "",
    evidence: Iterable[str] = (),
) -> dict[str, Any]:
    """Sets bounds that edits keep; None for none."""
    after = _given(criteria=criteria, depth=depth, characters=characters)
    return _edit("set_budget", None, because, evidence, after=after)


def no_change(*, because: str = "", evidence: Iterable[str] = ()) -> dict[str, Any]:
    """Records that the rubric was looked at and left as it is."""
    return _edit("no_change", None, because, evidence)


# ---- In words ----


def words(edit: Mapping[str, Any]) -> str:
    """An edit in one line: ``reweight `flow` 1 → 2: it tells essays apart``."""
    op = str(edit.get("op"))
    id = edit.get("id")
    text = op.replace("_", " ") + (f" `{id}`" if id else "")
    before, after = edit.get("before"), edit.get("after")
    if isinstance(before, (int, float, str)) or isinstance(after, (int, float, str)):
        if "before" in edit and "after" in edit:
            text += f" {_short(before)} → {_short(after)}"
    elif op in ("add", "split", "merge_criteria", "remove"):
        ids = ", ".join(f"`{found}`" for found in _ids(after) or ([] if id else _ids(before)))
        if ids:
            text += f" {ids}" if op in ("add", "remove") else f" into {ids}"
    because = edit.get("rationale") or edit.get("because")
    return f"{text}: {because}" if because else text


def _ids(value: Any) -> list[str]:
    placed = value if isinstance(value, list) else [value]
    found = [item.get("criterion") for item in placed if isinstance(item, dict)]
    return [str(item.get("id")) for item in found if isinstance(item, dict)]


def _short(value: Any) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:59] + "…"
