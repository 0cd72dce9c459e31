"""A rubric by commit hash."""

from __future__ import annotations

from . import _ffi, _wire
from ._lazy import Lazy
from ._record import Record, texts
from .errors import ArgumentError, NotFoundError
from .verdicts import MISSING, by_id, to_wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from . import batch, document, html, score
    from . import store as store_module
    from .batch import BatchScore
    from .document import Rubric
    from .score import Score
    from .types import MaskArray, MatrixLike, Verdict
else:
    batch = Lazy("rubricstore.batch")
    document = Lazy("rubricstore.document")
    html = Lazy("rubricstore.html")
    score = Lazy("rubricstore.score")
    store_module = Lazy("rubricstore.store")

__all__ = ["Column", "PinnedRubric", "pull_cached"]

# Where a pin can be pulled from again: the store's path, whether folders above it are tried, and
# the folder of its cache. A pin that came from a cache alone has no path.
Origin = tuple["str | None", bool, "str | None"]


class Column(Record):
    """A criterion that is judged: a column of a batch.

    Attributes
    ----------
    id, title : str
    group : str or None
        The group that it is in.
    path : tuple of str
        The groups that it is in, the outermost first.
    min, max : float
        The ends of its scale: its verdicts lie between them.
    polarity : str
        ``positive`` or ``negative``.
    status : str
        ``active`` or ``diagnostic``.
    """

    id: str
    title: str
    group: str | None
    path: tuple[str, ...]
    min: float
    max: float
    polarity: str
    status: str
    _names = ("id", "title", "group", "path", "min", "max", "polarity", "status")
    _readers: dict[str, Callable[[Any], Any]] = {"path": texts, "min": float, "max": float}


class PinnedRubric:
    """A rubric at one commit, ready to judge and score with. It never changes.

    `Store.pull` makes one. Two are equal if they are the same rubric at the same commit. It can be
    used by any thread, after `os.fork`, and after its store was closed. It is pickled as its name
    and the path of its store, and pulled from there again.
    """

    __slots__ = (
        "__weakref__",
        "_columns",
        "_described",
        "_handle",
        "_ids",
        "_indices",
        "_name",
        "_origin",
        "_rubric",
        "_stamp",
    )

    _handle: int
    _origin: Origin

    def __init__(self, handle: int, origin: Origin, name: str | None = None) -> None:
        self._handle = handle
        self._origin = origin
        # Where it was pulled by its full name, nothing need be asked to know that.
        self._name = name
        self._described: dict[str, Any] | None = None
        self._ids: tuple[str, ...] | None = None
        self._columns: tuple[Column, ...] | None = None
        self._indices: dict[str, int] | None = None
        self._rubric: Rubric | None = None
        self._stamp: str | None = None

    # ---- What it is ----

    def _about(self) -> dict[str, Any]:
        described = self._described
        if described is None:
            described = _ffi.answer_json(_ffi.lib.rs_pin_describe, self._handle)
            self._described = described
        assert described is not None
        return described

    @property
    def id(self) -> str:
        """The rubric's id, such as ``"essay"``."""
        return self.name.partition("@")[0]

    @property
    def commit(self) -> str:
        """The full hash of the commit, 40 digits."""
        return self.name.partition("@")[2]

    @property
    def name(self) -> str:
        """``"essay@<full hash>"``: what pulls the same bytes for ever."""
        name = self._name
        if name is None:
            about = self._about()
            name = self._name = f"{about['rubric']}@{about['commit']}"
        return name

    @property
    def title(self) -> str:
        """The rubric's title; may be empty."""
        value: str = self._about()["title"]
        return value

    @property
    def mode(self) -> str:
        """How the judge is asked, such as ``per_criterion`` or ``one_call``."""
        value: str = self._about()["mode"]
        return value

    @property
    def hashes(self) -> dict[str, str]:
        """The SHA-256 of the ``content``, of what the ``judge`` reads, and of the ``scoring``.

        Two versions with one ``judge`` hash can share verdicts; with one ``scoring`` hash besides,
        rewards.
        """
        return dict(self._about()["hashes"])

    @property
    def range(self) -> tuple[float, float] | None:
        """The lowest and the highest reward; None where there are no such ends."""
        ends = self._about()["range"]
        return None if ends is None else (float(ends[0]), float(ends[1]))

    # ---- Columns ----

    @property
    def columns(self) -> tuple[Column, ...]:
        """The criteria that are judged, in the order of the document: the columns of a batch."""
        columns = self._columns
        if columns is None:
            columns = self._columns = tuple([Column(item) for item in self._about()["columns"]])
        return columns

    @property
    def column_ids(self) -> tuple[str, ...]:
        """The ids of the columns, in their order."""
        ids = self._ids
        if ids is None:
            ids = self._ids = tuple([item["id"] for item in self._about()["columns"]])
        return ids

    def _column_indices(self) -> dict[str, int]:
        indices = self._indices
        if indices is None:
            indices = {id: index for index, id in enumerate(self.column_ids)}
            self._indices = indices
        return indices

    def index(self, id: str) -> int:
        """The column of a criterion.

        Raises
        ------
        NotFoundError
            The rubric does not judge a criterion of that id.
        """
        try:
            return self._column_indices()[id]
        except KeyError:
            raise NotFoundError(
                f"`{self.id}` judges no criterion `{id}`",
                hint="the columns are " + ", ".join(self.column_ids[:20]),
                criterion=id,
            ) from None

    # ---- The document ----

    def _document(self, form: bytes) -> str:
        return _ffi.answer(_ffi.lib.rs_pin_document, self._handle, form)

    @property
    def yaml(self) -> str:
        """The document in canonical form: the same rubric has the same text."""
        return self._document(b"yaml")

    @property
    def source(self) -> str:
        """The file as it is stored, with its comments and layout."""
        return self._document(b"source")

    def json(self) -> dict[str, Any]:
        """The document as a dictionary of one's own; fields at their default are left out."""
        value: dict[str, Any] = _wire.loads(self._document(b"json"))
        return value

    @property
    def rubric(self) -> Rubric:
        """The document as a tree of objects; read on first use, then kept."""
        rubric = self._rubric
        if rubric is None:
            rubric = self._rubric = document.Rubric(self.json())
        return rubric

    # ---- Judging ----

    def prompt(self, criterion: str | None = None) -> str:
        """What a judge reads.

        Parameters
        ----------
        criterion : str, optional
            The criterion to judge; the whole rubric if left out.

        Raises
        ------
        NotFoundError
            The judge is not asked about a criterion of that id.
        """
        return _ffi.answer(
            _ffi.lib.rs_pin_prompt, self._handle, _ffi.optional_text(criterion, "criterion")
        )

    def schema(self, criterion: str | None = None) -> dict[str, Any]:
        """The JSON Schema of the judge's answer, for a model that answers under one.

        Parameters
        ----------
        criterion : str, optional
            The criterion to judge; the whole rubric if left out.

        Raises
        ------
        NotFoundError
            The judge is not asked about a criterion of that id.
        """
        schema: dict[str, Any] = _ffi.answer_json(
            _ffi.lib.rs_pin_schema, self._handle, _ffi.optional_text(criterion, "criterion")
        )
        return schema

    # ---- Scoring ----

    def score(
        self, verdicts: Mapping[str, Verdict] | Sequence[Verdict], *, explain: bool = False
    ) -> Score:
        """Scores one judgement.

        Parameters
        ----------
        verdicts : mapping or sequence
            By criterion id, or in the order of `columns`. A verdict is a number in the criterion's
            scale, True or False, ``"na"`` or `NA`, None or NaN (there is none),
            ``Failed("timeout")`` or an exception (the judge failed), or what a judge answers:
            ``{"reason": "…", "verdict": 3}``, ``{"value": 3}``, ``{"error": "…"}``.
        explain : bool
            Whether to tell what each criterion and gate did.

        Returns
        -------
        Score
            Its `reward` is None, and its `unscorable` says why, where there is none: a judge that
            failed, a verdict outside the scale, an id that the rubric does not have.

        Raises
        ------
        ArgumentError
            A verdict is infinite, or none of the above.
        DocumentSyntaxError
            A mapping or a text that is no verdict, or an id that cannot be one.

        Notes
        -----
        Some 30 µs a judgement; `score_batch` scores a thousand in about that time.
        """
        given = by_id(verdicts, () if hasattr(verdicts, "keys") else self.column_ids)
        judged: dict[str, Any] = {}
        for id in given.keys():
            if not isinstance(id, str):
                raise ArgumentError(f"verdicts are by criterion id, and {id!r} is none")
            verdict = to_wire(id, given[id])
            if verdict is not MISSING:
                judged[id] = verdict
        data = _ffi.answer_json(
            _ffi.lib.rs_pin_score, self._handle, _wire.dumps({"verdicts": judged}), int(explain)
        )
        return score.Score(data, self, judged)

    def score_batch(
        self,
        verdicts: MatrixLike,
        mask: MaskArray | None = None,
        *,
        contributions: bool = False,
    ) -> BatchScore:
        """Scores many rollouts in one call; each reward is, to the last bit, that of `score`.

        Parameters
        ----------
        verdicts : float64[rollouts, criteria]
            In the units of each criterion's scale; columns in the order of `columns`. NaN is no
            verdict. Arrays of float64 are read where they lie, whatever their strides, and so are
            torch's CPU tensors; other kinds of numbers are copied first.
        mask : bool[rollouts, criteria] or uint8[rollouts, criteria], optional
            Bool: True where there is no verdict, as in `numpy.ma`. Integers: `Mask.VALUE`,
            `Mask.NA`, `Mask.ERROR` or `Mask.MISSING`. A masked array brings its own.
        contributions : bool
            Whether to tell what each verdict added to the raw reward.

        Returns
        -------
        BatchScore
            Rewards, NaN where a rollout has none, and the reasons.

        Raises
        ------
        ArgumentError
            The shape is not ``(rollouts, criteria)``, or the mask does not fit.

        Notes
        -----
        Needs NumPy. Some 30 µs for 1,024 rollouts of 40 criteria; other threads go on meanwhile.
        """
        return batch.score_batch(self, verdicts, mask, contributions)

    def table(
        self,
        judgements: Sequence[Mapping[str, Verdict] | Sequence[Verdict]],
        *,
        unknown: str = "error",
    ) -> tuple[Any, Any]:
        """Makes the arrays of `score_batch` of verdicts as judges give them.

        Parameters
        ----------
        judgements : sequence of mappings or sequences
            One for each rollout, as `score` takes them.
        unknown : {"error", "ignore"}
            What to do with a verdict for an id that is not in the rubric.

        Returns
        -------
        verdicts : float64[rollouts, criteria]
            NaN where there is no value.
        mask : uint8[rollouts, criteria]
            `Mask.VALUE`, `Mask.NA`, `Mask.ERROR` or `Mask.MISSING`.

        Raises
        ------
        ArgumentError
            Something is no verdict, or an id is unknown; the message names the rollout.
        """
        return batch.table(self, judgements, unknown)

    def stamp(self) -> dict[str, Any]:
        """What goes with a reward into a log, so that it can be checked later.

        ``{"stamp": "rubric-stamp/1", "rubric", "commit", "judge", "scoring", "library"}``; see
        `Store.verify_stamp`.
        """
        text = self._stamp
        if text is None:
            text = self._stamp = _ffi.answer(_ffi.lib.rs_pin_stamp, self._handle)
        stamp: dict[str, Any] = _wire.loads(text)
        return stamp

    # ---- As a value ----

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PinnedRubric):
            return NotImplemented
        return self is other or self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)

    def __reduce__(self) -> tuple[Any, ...]:
        return _pull_again, (self.name, self._origin)

    def __copy__(self) -> PinnedRubric:
        return self

    def __deepcopy__(self, memo: object) -> PinnedRubric:
        return self

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<PinnedRubric {self.id}@{self.commit[:12]}, {len(self.column_ids)} criteria>"

    def _repr_html_(self) -> str:
        return html.pin(self)

    def __del__(self) -> None:
        try:
            handle = self._handle
            if handle:
                _ffi.lib.rs_pin_free(handle)
        except Exception:  # The interpreter ends, or the object was never whole.
            pass


def is_pinned(revision: str) -> bool:
    """Whether a revision names a rubric and a full hash, and so the same bytes for ever."""
    id, at, commit = revision.partition("@")
    return bool(at and id) and len(commit) == 40 and not commit.strip("0123456789abcdef")


def pull_cached(cache: str | os.PathLike[str], name: str) -> PinnedRubric:
    """Pulls a rubric from a cache's folder alone, without a repository.

    Parameters
    ----------
    cache : path
        A folder that stores were opened with: ``Store.open(path, cache=folder)``.
    name : str
        ``"essay@<full hash>"``.

    Raises
    ------
    NotFoundError
        It is not in the cache.
    CorruptError
        What is there does not have the hash.
    """
    import os

    folder = os.path.abspath(os.fspath(cache))
    handle = _ffi.handle(
        _ffi.lib.rs_pin_pull_cached, _ffi.text(folder, "cache"), _ffi.text(name, "name")
    )
    return PinnedRubric(handle, (None, False, folder), name if is_pinned(name) else None)


# The stores that pickled pins of this process came from.
_stores: dict[Origin, Any] = {}


def _pull_again(name: str, origin: Origin) -> PinnedRubric:
    path, discover, cache = origin
    if path is None:
        return pull_cached(cache or "", name)
    store = _stores.get(origin)
    if store is None:
        store = _stores[origin] = store_module.Store.open(path, discover=discover, cache=cache)
    pin: PinnedRubric = store.pull(name)
    return pin
