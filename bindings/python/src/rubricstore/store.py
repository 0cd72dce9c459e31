"""The store: a git repository that holds rubrics."""

from __future__ import annotations

import os

from . import _ffi, _wire
from ._lazy import Lazy
from .errors import ArgumentError, ClosedError, DocumentSyntaxError, Finding
from .pin import PinnedRubric, is_pinned
from .verdicts import MISSING, to_wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import TracebackType
    from typing import Any, Literal

    from . import evidence as _evidence
    from . import follow, history
    from .evidence import MetaUpdate, Propose, ReplayReport
    from .follow import Follower
    from .history import (
        Branch,
        Commit,
        Diff,
        Head,
        LogEntry,
        MergeReport,
        Notes,
        Resolved,
        StampCheck,
        Tag,
    )
    from .pin import Origin
    from .types import Author, Edit, Evidence, Proposer

    Path = str | os.PathLike[str]
    # What names a version: RUBRIC@REV, or an answer that has a name.
    Revision = str | PinnedRubric | Commit | LogEntry | Resolved
    Document = str | bytes | Mapping[str, Any] | os.PathLike[str]
else:
    _evidence = Lazy("rubricstore.evidence")
    follow = Lazy("rubricstore.follow")
    history = Lazy("rubricstore.history")

__all__ = ["Store", "validate"]

# As many as the library keeps parsed; the oldest goes first.
_PINS = 256


class Store:
    """A git repository that holds rubrics.

    ``Store.open``, ``Store.create`` and ``Store.clone`` make one. It can be used by any thread, and
    after `os.fork` by parent and child; it is pickled as its path. ``with Store.open(…) as store:``
    closes it at the end; pins that were pulled from it stay good.

    A revision is ``RUBRIC@REV``, as ``rubricctl`` takes it: ``essay@3f9c2ab``, ``essay@main~3``,
    ``essay`` (at HEAD), ``@exp-b`` (the only rubric there), or ``""`` for the only one at HEAD. A
    pin, a `Commit` or a `LogEntry` stands for its own name.
    """

    __slots__ = ("__weakref__", "_handle", "_origin", "_pins")

    _handle: int
    _origin: Origin

    def __init__(self, handle: int, origin: Origin) -> None:
        self._handle = handle
        self._origin = origin
        self._pins: dict[Any, PinnedRubric] = {}

    # ---- Opening ----

    @classmethod
    def open(cls, path: Path = ".", *, discover: bool = True, cache: Path | None = None) -> Store:
        """Opens a store.

        Parameters
        ----------
        path : path
            A work tree, a folder in it, or a bare repository.
        discover : bool
            Whether the folders above `path` are tried too.
        cache : path, optional
            A folder where what is pulled is kept for other processes; made if it is not there.

        Raises
        ------
        NotFoundError
            There is no repository.
        RefusedError
            It belongs to another user, or is of a format that is not known.
        """
        origin = _origin(path, discover, cache)
        options = _ffi.request(discover=discover, cache=origin[2])
        place = _ffi.path_text(path)
        return cls(_ffi.handle(_ffi.lib.rs_store_open, place, options), origin)

    @classmethod
    def create(
        cls,
        path: Path,
        *,
        bare: bool = False,
        branch: str = "main",
        cache: Path | None = None,
    ) -> Store:
        """Creates a repository, or opens the one that is there.

        Parameters
        ----------
        path : path
            Its folder.
        bare : bool
            Whether it is without a work tree.
        branch : str
            The branch that HEAD names at first.
        cache : path, optional
            As in `open`.
        """
        origin = _origin(path, False, cache)
        options = _ffi.request(bare=bare, branch=branch, cache=origin[2])
        place = _ffi.path_text(path)
        return cls(_ffi.handle(_ffi.lib.rs_store_create, place, options), origin)

    @classmethod
    def clone(
        cls,
        url: Path,
        path: Path,
        *,
        bare: bool = False,
        branch: str | None = None,
        cache: Path | None = None,
    ) -> Store:
        """Clones a repository, with the notes on its commits.

        Parameters
        ----------
        url : str or path
            A path, ``file://``, ``https://`` or ``ssh://``.
        path : path
            Where to; must not be there, or be empty. A clone that fails leaves nothing.
        bare : bool
            Whether the clone is without a work tree.
        branch : str, optional
            What to check out; the other's HEAD if left out.
        cache : path, optional
            As in `open`.

        Raises
        ------
        TransportError
            The other machine could not be reached, or refused.
        ExistsError
            `path` is there, and is not empty.
        """
        origin = _origin(path, False, cache)
        options = _ffi.request(bare=bare, branch=branch, cache=origin[2])
        arguments = (_ffi.path_text(url, "url"), _ffi.path_text(path), options)
        return cls(_ffi.handle(_ffi.lib.rs_store_clone, *arguments), origin)

    def close(self) -> None:
        """Closes the store; any use of it afterwards is a `ClosedError`, but closing it again."""
        handle, self._handle = self._handle, 0
        self._pins = {}
        if handle:
            _ffi.lib.rs_store_free(handle)

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return not self._handle

    def _open(self) -> int:
        handle = self._handle
        if not handle:
            raise ClosedError(f"the store at {self._origin[0]} is closed", hint="open it again")
        return handle

    def __enter__(self) -> Store:
        self._open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __del__(self) -> None:
        try:
            self.close()
        except Exception:  # The interpreter ends, or the object was never whole.
            pass

    def __reduce__(self) -> tuple[Any, ...]:
        self._open()
        return _open_again, self._origin

    def __repr__(self) -> str:
        return f"<Store at {self._origin[0]}{', closed' if self.closed else ''}>"

    # ---- What it is ----

    def _about(self) -> dict[str, Any]:
        about: dict[str, Any] = _ffi.answer_json(_ffi.lib.rs_store_describe, self._open())
        return about

    @property
    def path(self) -> str:
        """The work tree; of a bare repository its folder."""
        place: str = self._about()["path"]
        return os.path.normpath(place)

    @property
    def git_folder(self) -> str:
        """The folder of the repository: ``.git`` of a work tree."""
        place: str = self._about()["gitFolder"]
        return os.path.normpath(place)

    @property
    def bare(self) -> bool:
        """Whether it is without a work tree."""
        value: bool = self._about()["bare"]
        return value

    @property
    def head(self) -> Head:
        """What is checked out."""
        return history.Head(self._about()["head"])

    # ---- Pulling ----

    def pull(self, revision: Revision = "") -> PinnedRubric:
        """Pulls a rubric at one commit.

        Every object from the commit to the file is verified against its hash. A branch or tag is
        looked up each time, and is an error once it is gone; `PinnedRubric.commit` says which
        commit it was.

        Parameters
        ----------
        revision : str
            ``RUBRIC@REV``.

        Raises
        ------
        NotFoundError
            There is no such rubric, branch, tag or commit.
        RevisionError
            It stands for several things, or cannot be read.
        CorruptError
            What is stored does not have its hash.
        DocumentError
            The rubric there is not valid.

        Notes
        -----
        The first pull of a commit reads the disk: some 0.1 ms. ``essay@<full hash>`` again is a
        look-up in memory, well under 1 µs.
        """
        pin = self._pins.get(revision)
        if pin is not None:
            return pin
        handle = self._open()
        name = _name(revision)
        pulled = _ffi.handle(_ffi.lib.rs_pin_pull, handle, _ffi.text(name, "revision"))
        pinned = is_pinned(name)
        pin = PinnedRubric(pulled, self._origin, name if pinned else None)
        if pinned:
            pins = self._pins
            while len(pins) >= _PINS:
                try:
                    pins.pop(next(iter(pins)), None)
                except (StopIteration, RuntimeError):  # Another thread is at it.
                    break
            pins[name] = pin
        return pin

    def follow(
        self,
        revision: str,
        *,
        since: str | PinnedRubric | None = None,
        poll: float = 0.25,
    ) -> Follower:
        """Follows a rubric on a branch.

        Parameters
        ----------
        revision : str
            ``RUBRIC@BRANCH``.
        since : str or PinnedRubric, optional
            A full hash or a pin, whose rubric is not told again. If left out, what is there is told
            first.
        poll : float
            Seconds between two looks; one costs some 20 µs.

        Returns
        -------
        Follower
            An iterator, and an asynchronous iterator, of new pins.

        Raises
        ------
        NotFoundError
            There is no such branch.
        """
        commit = since.commit if isinstance(since, PinnedRubric) else since
        handle = _ffi.handle(
            _ffi.lib.rs_follower_open,
            self._open(),
            _ffi.text(revision, "revision"),
            _ffi.optional_text(commit, "since"),
        )
        return follow.Follower(handle, revision, self._origin, poll)

    # ---- Names ----

    def resolve(self, revision: Revision = "") -> Resolved:
        """What ``RUBRIC@REV`` stands for now: ``.rubric``, ``.commit``, ``.branch``."""
        name = _ffi.text(_name(revision), "revision")
        return history.Resolved(_ffi.answer_json(_ffi.lib.rs_revision_resolve, self._open(), name))

    def rubrics(self, at: str | None = None) -> list[str]:
        """The ids of the rubrics at a revision; at HEAD if left out."""
        ids: list[str] = _ffi.answer_json(
            _ffi.lib.rs_rubric_list, self._open(), _ffi.optional_text(at, "at")
        )
        return ids

    def branches(self) -> list[Branch]:
        """The branches."""
        found = _ffi.answer_json(_ffi.lib.rs_branch_list, self._open())
        return [history.Branch(item) for item in found]

    def create_branch(self, name: str, at: str | None = None) -> Branch:
        """Creates a branch.

        Parameters
        ----------
        name : str
        at : str, optional
            The revision that it begins at; HEAD if left out.

        Raises
        ------
        ExistsError
            There is one of that name.
        """
        made = _ffi.answer_json(
            _ffi.lib.rs_branch_create,
            self._open(),
            _ffi.text(name, "name"),
            _ffi.optional_text(at, "at"),
        )
        return history.Branch({"head": False, **made})

    def delete_branch(self, name: str, force: bool = False) -> None:
        """Deletes a branch; without `force` only one whose commits another branch has."""
        _ffi.check(_ffi.lib.rs_branch_delete(self._open(), _ffi.text(name, "name"), int(force)))

    def tags(self) -> list[Tag]:
        """The tags."""
        return [history.Tag(item) for item in _ffi.answer_json(_ffi.lib.rs_tag_list, self._open())]

    def create_tag(self, name: str, at: str | None = None, message: str | None = None) -> Tag:
        """Creates a tag at a revision (HEAD if left out); annotated if there is a message."""
        made = _ffi.answer_json(
            _ffi.lib.rs_tag_create,
            self._open(),
            _ffi.text(name, "name"),
            _ffi.optional_text(at, "at"),
            _ffi.optional_text(message, "message"),
        )
        return history.Tag({"message": message, **made})

    def delete_tag(self, name: str) -> None:
        """Deletes a tag."""
        _ffi.check(_ffi.lib.rs_tag_delete(self._open(), _ffi.text(name, "name")))

    # ---- Committing ----

    def commit(
        self,
        edits: Edit | Iterable[Edit],
        *,
        because: str = "",
        rubric: str | None = None,
        branch: str | None = None,
        proposer: Proposer | None = None,
        author: Author | None = None,
        provenance: Mapping[str, Any] | None = None,
        dry_run: bool = False,
    ) -> Commit:
        """Commits typed edits, all or none.

        They are made on the tip of a branch; if others have moved it meanwhile, they are made anew
        on the new tip, and only two that change the same field clash.

        Parameters
        ----------
        edits : mapping or iterable of mappings
            As `rubricstore.edits` makes them.
        because : str
            Why; the commit's message. Each edit can have its own reason besides.
        rubric : str, optional
            Its id; may be left out where the branch holds one.
        branch : str, optional
            The one that is checked out if left out.
        proposer : str, tuple or mapping, optional
            ``"human"`` (default), ``"meta"`` or ``"import"``; ``("meta", "qwen-72b")`` with a name.
            The edits of ``"meta"`` may not touch what is pinned.
        author : str, tuple or mapping, optional
            ``"Ada <ada@example.org>"``; git's own if left out.
        provenance : mapping, optional
            What the edits rest on, kept with the commit.
        dry_run : bool
            Whether to work it out and commit nothing.

        Raises
        ------
        EditError
            An edit does not fit what is there; `edit`, `criterion` and `field` say where.
        NothingToCommit
            The edits leave the rubric as it is.
        DirtyError
            The file in the work tree has changes that would be lost.
        ContendedError
            Others keep moving the branch.
        """
        request = _ffi.request(
            edits=[edits] if hasattr(edits, "keys") else list(edits),
            rubric=rubric,
            branch=branch,
            rationale=because or None,
            proposer=_proposer(proposer),
            author=_author(author),
            provenance=provenance,
            dryRun=dry_run or None,
        )
        return history.Commit(_ffi.answer_json(_ffi.lib.rs_edits_commit, self._open(), request))

    def add(
        self,
        document: Document,
        *,
        because: str = "",
        branch: str | None = None,
        proposer: Proposer | None = None,
        author: Author | None = None,
    ) -> Commit:
        """Commits a rubric's document: as a new rubric, or as the typed edits that lead to it.

        Parameters
        ----------
        document : str, bytes, mapping or pathlib.Path
            YAML or JSON text, a mapping, or the path of a file. (A plain `str` is always text.)
        because, branch, proposer, author
            As in `commit`.

        Raises
        ------
        DocumentSyntaxError
            It is not valid; `findings` have line and column.
        NothingToCommit
            It is what is there.
        """
        data = _document(document)
        options = _options(because, branch, proposer, author)
        try:
            made = _ffi.answer_json(
                _ffi.lib.rs_rubric_commit, self._open(), data, len(data), options
            )
        except DocumentSyntaxError as error:
            raise _with_file_hint(error, document) from None
        return history.Commit(made)

    def import_(
        self,
        source: str | bytes | os.PathLike[str],
        format: Literal["mpo", "paperbench"] | None = None,
        id: str | None = None,
        *,
        repair_ids: bool = False,
        because: str = "",
        branch: str | None = None,
        author: Author | None = None,
    ) -> Commit:
        """Makes a rubric of another system's text, and commits it.

        Parameters
        ----------
        source : str, bytes or pathlib.Path
            The text, or the path of a file. (A plain `str` is always text.)
        format : {"mpo", "paperbench"}, optional
            Found out from the text if left out.
        id : str, optional
            The rubric's id; made from the file's name or the text if left out.
        repair_ids : bool
            Whether ids that are there twice get a number.
        because, branch, author
            As in `commit`.

        Returns
        -------
        Commit
            Its `notes` say what was changed or left out.
        """
        data = _document(source)
        name = os.path.basename(os.fspath(source)) if hasattr(source, "__fspath__") else None
        options = _ffi.request(format=format, id=id, name=name, repairIDs=repair_ids or None)
        try:
            converted = _ffi.answer_json(_ffi.lib.rs_rubric_convert, data, len(data), options)
        except DocumentSyntaxError as error:
            raise _with_file_hint(error, source) from None
        text = converted["yaml"].encode()
        imported = _options(because, branch, "import", author)
        made = _ffi.answer_json(_ffi.lib.rs_rubric_commit, self._open(), text, len(text), imported)
        return history.Commit({**made, "notes": converted["notes"]})

    def remove(
        self,
        rubric: str,
        *,
        because: str = "",
        branch: str | None = None,
        proposer: Proposer | None = None,
        author: Author | None = None,
    ) -> Commit:
        """Commits that a rubric is no longer there; its history stays."""
        options = _options(because, branch, proposer, author)
        name = _ffi.text(rubric, "rubric")
        return history.Commit(
            _ffi.answer_json(_ffi.lib.rs_rubric_remove, self._open(), name, options)
        )

    @staticmethod
    def validate(document: Document) -> list[Finding]:
        """What is wrong with a rubric's document; an empty list if nothing is. See `validate`."""
        return validate(document)

    # ---- History ----

    def log(
        self,
        revision: Revision | None = None,
        *,
        criterion: str | None = None,
        operations: Iterable[str] = (),
        limit: int | None = None,
        first_parent: bool = False,
        metrics: bool = False,
    ) -> list[LogEntry]:
        """What changed and why, the newest first.

        Parameters
        ----------
        revision : str, optional
            Where to begin; HEAD if left out.
        criterion : str, optional
            Only what changed this criterion.
        operations : iterable of str
            Only these kinds of edits, such as ``"tighten"``.
        limit : int, optional
            How many entries at most.
        first_parent : bool
            Whether merged branches are passed over.
        metrics : bool
            Whether entries have what was noted about their commits.
        """
        request = _ffi.request(
            **{"from": None if revision is None else _name(revision)},
            criterion=criterion,
            operations=([operations] if isinstance(operations, str) else list(operations)) or None,
            limit=limit,
            firstParent=first_parent or None,
            metrics=metrics or None,
        )
        found = _ffi.answer_json(_ffi.lib.rs_log_read, self._open(), request)
        return [history.LogEntry(item) for item in found]

    def diff(self, a: Revision, b: Revision = "") -> Diff:
        """How two versions of a rubric differ, and what that means for scores.

        Parameters
        ----------
        a, b : str
            ``RUBRIC@REV``; `b` is HEAD if left out.
        """
        names = (_ffi.text(_name(a), "a"), _ffi.text(_name(b), "b"))
        return history.Diff(_ffi.answer_json(_ffi.lib.rs_diff_read, self._open(), *names))

    def merge(
        self,
        revision: str,
        into: str | None = None,
        *,
        settle: Iterable[str] | Mapping[str, Any] = (),
        settle_all: Iterable[str] = (),
        fast_forward: Literal["allowed", "never", "only"] | None = None,
        because: str = "",
        proposer: Proposer | None = None,
        author: Author | None = None,
        dry_run: bool = False,
        keep: bool = False,
    ) -> MergeReport:
        """Merges a branch, tag or commit, criterion by criterion and field by field.

        Parameters
        ----------
        revision : str
            What to merge.
        into : str, optional
            The branch; the one that is checked out if left out.
        settle : iterable of str, or mapping
            What to make of conflicts: ``"style.weight=mean"``, or ``{"style.weight": 2}``.
        settle_all : iterable of str
            Rules for all of them, the first that fits: ``["strictest", "union", "ours"]``.
        fast_forward : {"allowed", "never", "only"}, optional
            Whether the branch may be moved without a merge commit.
        because, proposer, author
            As in `commit`.
        dry_run : bool
            Whether to work it out and commit nothing.
        keep : bool
            Whether to keep an unfinished merge in the repository, for ``rubricctl settle``.

        Returns
        -------
        MergeReport
            Where it is not `ok`, nothing was committed, and `conflicts` has what is open.

        Raises
        ------
        MergeError
            A settlement does not fit.
        """
        request = _ffi.request(
            revision=revision,
            into=into,
            settle=_settlements(settle) or None,
            settleAll=([settle_all] if isinstance(settle_all, str) else list(settle_all)) or None,
            fastForward=fast_forward,
            rationale=because or None,
            proposer=_proposer(proposer),
            author=_author(author),
            dryRun=dry_run or None,
            keep=keep or None,
        )
        return history.MergeReport(
            _ffi.answer_json(_ffi.lib.rs_branch_merge, self._open(), request)
        )

    def note(
        self,
        revision: Revision,
        metrics: Mapping[str, float] | None = None,
        *,
        step: int | None = None,
        message: str | None = None,
        **values: float,
    ) -> Notes:
        """Records what was measured about a commit, in ``refs/notes/rubric-metrics``.

        Parameters
        ----------
        revision : str
            ``RUBRIC@REV``.
        metrics : mapping of str to float, optional
            By name; those whose name is a word can be given as keywords: ``gold=0.71``.
        step : int, optional
            Of the training.
        message : str, optional
            A remark.
        """
        numbers: dict[str, Any] = {}
        for name, value in {**(metrics or {}), **values}.items():
            number = to_wire(name, value)
            if number is MISSING or not isinstance(number, (int, float)):
                raise ArgumentError(
                    f"the metric `{name}` is {value!r}, and must be a finite number"
                )
            numbers[name] = number
        request = _ffi.request(
            revision=_name(revision), metrics=numbers, step=step, message=message
        )
        return history.Notes(_ffi.answer_json(_ffi.lib.rs_note_add, self._open(), request))

    def notes(self, revision: Revision = "") -> Notes:
        """What was noted about a commit: a sequence of `Note`."""
        name = _ffi.text(_name(revision), "revision")
        return history.Notes(_ffi.answer_json(_ffi.lib.rs_note_list, self._open(), name))

    # ---- Evidence ----

    def replay(
        self,
        a: Revision,
        b: Revision,
        records: Evidence,
        *,
        top: int | None = None,
        assume_held: bool = False,
        each: bool = False,
    ) -> ReplayReport:
        """What the same verdicts earn under another version.

        Parameters
        ----------
        a, b : str
            The version that was judged by, and the other one.
        records : JSON lines, a path, or mappings
            Judgements or evidence: ``{"rollout", "rubric", "verdicts"}``, one each.
        top : int, optional
            How many of the rollouts that moved most are listed; 10 if left out.
        assume_held : bool
            Whether verdicts on what has changed are taken for what they were: an estimate.
        each : bool
            Whether `ReplayReport.rollouts` has every rollout.
        """
        request = _ffi.request(
            **{"from": _name(a)},
            to=_name(b),
            top=top,
            assumeHeld=assume_held or None,
            each=each or None,
        )
        data = _evidence.lines(records)
        return _evidence.ReplayReport(
            _ffi.answer_json(_ffi.lib.rs_replay_read, self._open(), request, data, len(data))
        )

    def meta_update(
        self,
        evidence: Evidence,
        *,
        rubric: str | None = None,
        branch: str | None = None,
        proposer: Propose | None = None,
        policy: str | os.PathLike[str] | Mapping[str, Any] | None = None,
        dry_run: bool = False,
        author: Author | None = None,
    ) -> MetaUpdate:
        """Proposes edits from graded rollouts, has them reviewed, and commits what passes.

        Parameters
        ----------
        evidence : JSON lines, a path, or mappings
            Graded rollouts, one each: ``{"rollout", "prompt", "response", "rubric", "verdicts",
            "gold"}``; SPEC.md 13 has the form.
        rubric, branch : str, optional
            May be left out where there is one rubric; the branch that is checked out.
        proposer : callable, optional
            Called with the pin and the records, answers ``{"name", "rationale", "edits": [{"edit",
            "support"}]}``. If left out, the edits come from statistics of the evidence. Either way
            they are held to the same review.
        policy : str, path or mapping, optional
            The bounds of the review, as YAML text; the repository's own if left out.
        dry_run : bool
            Whether to propose and review, and commit nothing.
        author : str, tuple or mapping, optional
            As in `commit`.

        Returns
        -------
        MetaUpdate
            What was proposed, refused and committed. Where nothing passed, a ``no_change`` with the
            reasons was committed.

        Raises
        ------
        ProposalError
            The evidence or the proposal cannot be used: none of it is about this version, say.
        """
        handle = self._open()
        data = _evidence.lines(evidence)
        proposal = None
        if proposer is not None:
            pin = self.pull(f"{rubric or ''}@{branch}" if branch else rubric or "")
            proposal = _evidence.proposal(proposer, pin, data)
        request = _ffi.request(
            rubric=rubric,
            branch=branch,
            commit=not dry_run,
            policy=_evidence.policy_text(policy),
            author=_author(author),
            proposal=proposal,
        )
        return _evidence.update(handle, request, data)

    def verify_stamp(self, stamp: Mapping[str, Any] | str) -> StampCheck:
        """Holds a reward's stamp against the store.

        Parameters
        ----------
        stamp : mapping or str
            As `PinnedRubric.stamp` or `Score.stamp` makes it; with ``verdicts`` and ``reward`` in
            it the reward is worked out again.

        Returns
        -------
        StampCheck
            True if it holds; else `problems` says what does not.
        """
        text = _ffi.text(stamp, "stamp") if isinstance(stamp, str) else _wire.dumps(stamp)
        return history.StampCheck(_ffi.answer_json(_ffi.lib.rs_stamp_verify, self._open(), text))


def validate(document: Document) -> list[Finding]:
    """What is wrong with a rubric's document; an empty list if nothing is.

    Parameters
    ----------
    document : str, bytes, mapping or pathlib.Path
        YAML or JSON text, a mapping, or the path of a file. (A plain `str` is always text.)
    """
    data = _document(document)
    answer = _ffi.answer_json(_ffi.lib.rs_rubric_validate, data, len(data))
    return [Finding.from_json(item) for item in answer["findings"]]


def _open_again(path: str, discover: bool, cache: str | None) -> Store:
    return Store.open(path, discover=discover, cache=cache)


def _origin(path: Path, discover: bool, cache: Path | None) -> Origin:
    folder = None if cache is None else os.path.abspath(os.fspath(cache))
    # Not what the process may have for its folder later.
    return os.path.abspath(os.fspath(path)), discover, folder


def _name(revision: Revision) -> str:
    if isinstance(revision, str):
        return revision
    name = getattr(revision, "name", None)
    if isinstance(name, str):
        return name
    raise TypeError(f"a revision is a str such as 'essay@main', not a {type(revision).__name__}")


def _document(document: Any) -> bytes:
    if isinstance(document, str):
        try:
            return document.encode()
        except UnicodeEncodeError:
            raise ArgumentError("the text has characters that are not Unicode") from None
    if isinstance(document, (bytes, bytearray, memoryview)):
        return bytes(document)
    if hasattr(document, "__fspath__"):
        with open(document, "rb") as file:
            return file.read()
    if hasattr(document, "to_dict"):  # A `Rubric`
        document = document.to_dict()
    if hasattr(document, "keys"):
        return _wire.dumps(document)
    raise TypeError(f"a document is text, a mapping or a path, not a {type(document).__name__}")


def _with_file_hint(error: DocumentSyntaxError, document: object) -> DocumentSyntaxError:
    """Says what to do where a path was given as a `str`, which is taken for text."""
    if isinstance(document, str) and "\n" not in document and os.path.exists(document):
        return DocumentSyntaxError(
            f"{document!r} was read as the text of a rubric, and is not one",
            code=error.code,
            hint=f"pathlib.Path({document!r}) stands for the file",
            findings=error.findings,
        )
    return error


def _options(
    because: str, branch: str | None, proposer: Proposer | None, author: Author | None
) -> bytes:
    return _ffi.request(
        rationale=because or None,
        branch=branch,
        proposer=_proposer(proposer),
        author=_author(author),
    )


def _proposer(proposer: Any) -> dict[str, Any] | None:
    if proposer is None:
        return None
    if isinstance(proposer, str):
        return {"author": proposer}
    if hasattr(proposer, "keys"):
        return dict(proposer)
    author, name = proposer
    return {"author": author, "name": name}


def _author(author: Any) -> dict[str, Any] | None:
    if author is None:
        return None
    if hasattr(author, "keys"):
        return dict(author)
    if isinstance(author, str):
        name, opened, rest = author.partition("<")
        email, closed, tail = rest.partition(">")
        if not (opened and closed and name.strip() and not tail.strip()):
            raise ArgumentError(
                f"the author {author!r} cannot be read", hint='write "Ada <ada@example.org>"'
            )
        return {"name": name.strip(), "email": email.strip()}
    name, email = author
    return {"name": name, "email": email}


def _settlements(settle: Any) -> list[str]:
    if isinstance(settle, str):
        return [settle]
    if not hasattr(settle, "keys"):
        return list(settle)
    # A text is the name of a rule, or a text; anything else is a value.
    return [
        f"{place}={rule if isinstance(rule, str) else _wire.dumps(rule).decode()}"
        for place, rule in settle.items()
    ]
