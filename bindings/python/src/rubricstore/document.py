"""The rubric's document as a tree of objects. SPEC.md says what the fields mean."""

from __future__ import annotations

from ._lazy import Lazy
from ._record import Record, each, optional, texts
from .errors import NotFoundError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from . import html
else:
    html = Lazy("rubricstore.html")

__all__ = [
    "Aggregation",
    "Budget",
    "Criterion",
    "DocumentGate",
    "Judge",
    "Level",
    "Rubric",
    "Scale",
    "Subject",
]


class _Node(Record):
    """A mapping of the document, whose fields at their default are not written."""

    _defaults: dict[str, Any] = {}
    # The document's keys are the attributes, in snake case.

    def __init__(self, data: dict[str, Any]) -> None:
        state = self.__dict__
        state["_data"] = data
        for name in self._names:
            value = data.get(name, self._defaults.get(name))
            reader = self._readers.get(name)
            state[name] = reader(value) if reader is not None else value


class Level(_Node):
    """A described value of a scale.

    Attributes
    ----------
    value : float
    label, text : str
    examples : tuple of str
    """

    value: float
    label: str
    text: str
    examples: tuple[str, ...]
    _names = ("value", "label", "text", "examples")
    _defaults = {"label": "", "text": ""}
    _readers: dict[str, Callable[[Any], Any]] = {"examples": texts}


class Scale(Record):
    """The verdicts that a judge may give.

    Attributes
    ----------
    kind : str
        ``binary`` (0 and 1), ``levels`` or ``numeric``.
    min, max : float
        Its ends.
    step : float or None
        Of a numeric scale: verdicts are ``min + k * step``; None for any number.
    levels : tuple of Level
        Described values, in the order in which the judge reads them.
    """

    kind: str
    min: float
    max: float
    step: float | None
    levels: tuple[Level, ...]
    _names = ("kind", "min", "max", "step", "levels")

    def __init__(self, data: Any) -> None:
        state = self.__dict__
        state["_data"] = data
        form = data if isinstance(data, dict) else {}
        levels = tuple([Level(item) for item in form.get("levels") or ()])
        numeric = form.get("numeric")
        state["kind"] = "numeric" if numeric else "levels" if levels else "binary"
        state["levels"] = levels
        values = [level.value for level in levels] or [0, 1]
        state["min"] = numeric["min"] if numeric else min(values)
        state["max"] = numeric["max"] if numeric else max(values)
        state["step"] = numeric.get("step") if numeric else None

    def to_dict(self) -> Any:
        """As the document has it: ``"binary"`` or a mapping."""
        return self._data if isinstance(self._data, str) else super().to_dict()


class DocumentGate(_Node):
    """What a verdict must reach for the rest to count.

    Attributes
    ----------
    min : float
        The lowest verdict that passes.
    effect : str
        ``veto`` or ``cap``.
    cap : float or None
        The highest reward behind a gate that failed, where `effect` is ``cap``.
    """

    min: float
    effect: str
    cap: float | None
    _names = ("min", "effect", "cap")


class Criterion(_Node):
    """A criterion, or a group of them.

    ``for criterion in group`` goes through all that is in it, depth first; `criteria` are its own.

    Attributes
    ----------
    id, title, text : str
    weight : float
        0 or more, relative to its siblings.
    polarity : str
        ``positive`` or ``negative``.
    credit : str
        Of a negative one: ``penalty`` or ``avoidance``.
    scale : Scale
    lower_when : tuple of str
        Reasons to score lower.
    gate : DocumentGate or None
    status : str
        ``active``, ``inactive`` or ``diagnostic``.
    pinned : bool
        Whether the meta-editor must leave it alone.
    origin : str
        ``seed``, ``human``, ``meta`` or ``import``.
    applies_when : str
    tags : tuple of str
    rollup : str
        Of a group: ``weighted_mean``, ``sum``, ``min`` or ``max``.
    ext : dict
        Kept for others.
    criteria : tuple of Criterion
        What is in a group.
    path : tuple of str
        The ids of the groups that it is in, the outermost first.
    """

    id: str
    title: str
    text: str
    weight: float
    polarity: str
    credit: str
    scale: Scale
    lower_when: tuple[str, ...]
    gate: DocumentGate | None
    status: str
    pinned: bool
    origin: str
    applies_when: str
    tags: tuple[str, ...]
    rollup: str
    ext: dict[str, Any]
    criteria: tuple[Criterion, ...]
    path: tuple[str, ...]
    _names = (
        "id",
        "title",
        "text",
        "weight",
        "polarity",
        "credit",
        "scale",
        "lower_when",
        "gate",
        "status",
        "pinned",
        "origin",
        "applies_when",
        "tags",
        "rollup",
        "ext",
    )
    _defaults = {
        "title": "",
        "text": "",
        "weight": 1,
        "polarity": "positive",
        "credit": "penalty",
        "scale": "binary",
        "status": "active",
        "pinned": False,
        "origin": "human",
        "applies_when": "",
        "rollup": "weighted_mean",
    }
    _readers: dict[str, Callable[[Any], Any]] = {
        "scale": Scale,
        "lower_when": texts,
        "gate": optional(DocumentGate),
        "tags": texts,
        "ext": lambda value: dict(value or {}),
    }

    def __init__(self, data: dict[str, Any], path: tuple[str, ...] = ()) -> None:
        super().__init__(data)
        state = self.__dict__
        state["path"] = path
        inner = (*path, data["id"])
        state["criteria"] = tuple([Criterion(item, inner) for item in data.get("criteria") or ()])

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._data, self.path)

    @property
    def is_group(self) -> bool:
        """Whether it has criteria of its own, and is not judged itself."""
        return bool(self.criteria)

    def __iter__(self) -> Iterator[Criterion]:
        for child in self.criteria:
            yield child
            yield from child

    def __repr__(self) -> str:
        kind = "group" if self.is_group else "criterion"
        return f"<{kind} {self.id}, weight {self.weight:g}, {self.title or self.text[:40]!r}>"


class Subject(_Node):
    """What one judgement is about.

    Attributes
    ----------
    granularity : str
        ``global``, ``cluster`` or ``instance``.
    key : str or None
        Which cluster or prompt.
    """

    granularity: str
    key: str | None
    _names = ("granularity", "key")
    _defaults = {"granularity": "global"}


class Judge(_Node):
    """How the judge is asked.

    Attributes
    ----------
    mode : str
        ``per_criterion``, ``one_call``, ``holistic`` or ``plan_execute``.
    template, model : str
    output : str
        ``reasoned`` or ``value``.
    """

    mode: str
    template: str
    model: str
    output: str
    _names = ("mode", "template", "model", "output")
    _defaults = {"mode": "per_criterion", "template": "", "model": "", "output": "reasoned"}


class Aggregation(_Node):
    """How the top level becomes a reward.

    Attributes
    ----------
    method : str
        ``weighted_mean``, ``points_over_positive`` or ``sum``.
    clip : tuple of two floats, or None
    missing : str
        ``error``, ``exclude`` or ``worst``.
    na : str
        ``exclude``, ``zero`` or ``fail``.
    """

    method: str
    clip: tuple[float, float] | None
    missing: str
    na: str
    _names = ("method", "clip", "missing", "na")
    _defaults = {"method": "weighted_mean", "clip": (0, 1), "missing": "error", "na": "exclude"}
    _readers: dict[str, Callable[[Any], Any]] = {"clip": optional(tuple)}


class Budget(_Node):
    """Bounds that edits keep; None for none.

    Attributes
    ----------
    criteria, depth, characters : int or None
    """

    criteria: int | None
    depth: int | None
    characters: int | None
    _names = ("criteria", "depth", "characters")


def _part(kind: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: kind(value or {})


class Rubric(_Node):
    """A rubric's document.

    ``rubric["flow"]`` finds a criterion or group by its id, ``"flow" in rubric`` asks whether it is
    there, and ``for criterion in rubric`` goes through all of them, depth first, in the order of
    the document.

    Attributes
    ----------
    id, title, description : str
    subject : Subject
    judge : Judge
    preamble, postamble : str
        What the judge reads before and after the criteria.
    aggregation : Aggregation
    budget : Budget
    criteria : tuple of Criterion
        The top level.
    ext : dict
        Kept for others.
    """

    id: str
    title: str
    description: str
    subject: Subject
    judge: Judge
    preamble: str
    aggregation: Aggregation
    budget: Budget
    criteria: tuple[Criterion, ...]
    postamble: str
    ext: dict[str, Any]
    _names = (
        "id",
        "title",
        "description",
        "subject",
        "judge",
        "preamble",
        "aggregation",
        "budget",
        "criteria",
        "postamble",
        "ext",
    )
    _defaults = {"title": "", "description": "", "preamble": "", "postamble": ""}
    _readers: dict[str, Callable[[Any], Any]] = {
        "subject": _part(Subject),
        "judge": _part(Judge),
        "aggregation": _part(Aggregation),
        "budget": _part(Budget),
        "criteria": each(Criterion),
        "ext": lambda value: dict(value or {}),
    }

    _by_id: dict[str, Criterion]

    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__(data)
        self.__dict__["_by_id"] = {criterion.id: criterion for criterion in self}

    def __iter__(self) -> Iterator[Criterion]:
        for criterion in self.criteria:
            yield criterion
            yield from criterion

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, id: object) -> bool:
        return id in self._by_id

    def __getitem__(self, id: str) -> Criterion:
        try:
            return self._by_id[id]
        except KeyError:
            raise NotFoundError(f"`{self.id}` has no criterion `{id}`", criterion=id) from None

    def get(self, id: str) -> Criterion | None:
        """A criterion or group by its id; None if it is not there."""
        return self._by_id.get(id)

    def shares(self) -> dict[str, float]:
        """How much of the reward each active criterion and group stands for, from 0 to 1.

        Its weight over its siblings', times the share of its group; in a sum, weights count with
        the width of their scale. As ``rubricctl show`` has it.
        """
        shares: dict[str, float] = {}
        _share(self.criteria, 1.0, self.aggregation.method == "sum", shares)
        return shares

    def __repr__(self) -> str:
        return f"<Rubric {self.id}, {len(self)} criteria and groups>"

    def _repr_html_(self) -> str:
        return html.rubric(self)


def _reach(criterion: Criterion, is_sum: bool) -> float:
    if not is_sum:
        return criterion.weight
    if not criterion.is_group:
        return criterion.weight * (criterion.scale.max - criterion.scale.min)
    if criterion.rollup != "sum":
        return criterion.weight
    inner = [child for child in criterion.criteria if child.status == "active"]
    return criterion.weight * sum(_reach(child, True) for child in inner)


def _share(
    siblings: tuple[Criterion, ...], share: float, is_sum: bool, shares: dict[str, float]
) -> None:
    active = [criterion for criterion in siblings if criterion.status == "active"]
    total = sum(_reach(criterion, is_sum) for criterion in active)
    for criterion in active:
        if total > 0:
            own = share * _reach(criterion, is_sum) / total
            shares[criterion.id] = own
            _share(criterion.criteria, own, criterion.rollup == "sum", shares)
