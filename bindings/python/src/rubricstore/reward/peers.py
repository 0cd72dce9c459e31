"""Several trainer processes that grade a step: all by one commit, one of them meta-updates."""

from __future__ import annotations

import json
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from ..errors import ArgumentError, StoreIOError

__all__ = ["Peers", "RunFolder", "Solo"]

Records = Sequence[dict[str, Any]]


class Peers(Protocol):
    """How the processes that grade the same steps agree. `Solo` is one process for itself."""

    @property
    def name(self) -> str:
        """What names of rollouts begin with, lest those of two processes be the same."""
        ...

    def agree(self, step: int, decide: Callable[[int], str]) -> str:
        """The commit that grades a step. ``decide(steps since the last meta-update)`` is called by
        one process, once a step, and answers it."""
        ...

    def updated(self, step: int) -> None:
        """Called inside of `agree`: a meta-update was made before this step."""
        ...

    def add(self, step: int, records: Records) -> None:
        """Keeps graded rollouts for the meta-editor."""
        ...

    def records(self) -> list[dict[str, Any]]:
        """Called inside of `agree`: the rollouts of all processes that are kept."""
        ...

    def take(self, count: int) -> int:
        """How many rollouts were taken before these: numbers them over all processes.

        A count below 0 gives back those of a call that failed."""
        ...


class Solo:
    """One process for itself.

    Parameters
    ----------
    keep : int
        How many graded rollouts are kept for the meta-editor; the oldest go first.
    path : path, optional
        A file that they are appended to besides, as JSON lines.
    """

    def __init__(self, keep: int = 4096, path: str | os.PathLike[str] | None = None) -> None:
        self._kept: deque[dict[str, Any]] = deque(maxlen=keep)
        self._path = path
        self._since: int | None = None
        self._taken = 0
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        return ""

    def agree(self, step: int, decide: Callable[[int], str]) -> str:
        if self._since is None or step < self._since:  # Or a training that begins anew.
            self._since = step
        return decide(step - self._since)

    def updated(self, step: int) -> None:
        self._since = step

    def add(self, step: int, records: Records) -> None:
        with self._lock:
            self._kept.extend(records)
            if self._path is not None and records:
                append(self._path, records)

    def records(self) -> list[dict[str, Any]]:
        with self._lock:
            return list(self._kept)

    def take(self, count: int) -> int:
        with self._lock:
            taken = self._taken
            self._taken += count
            return taken


class RunFolder:
    """Processes that share a folder, on one machine or on a file system with locks.

    Who comes first to a step decides for all: it meta-updates if that is due, and writes down the
    commit, while the others wait. The folder then tells which step was graded by which commit:

    - ``steps/00000012`` holds the commit of step 12
    - ``graded/00000012-host-4711.jsonl`` what one process graded then, as evidence

    A run that is taken up again grades the steps that are in there as it did before. Take a new
    folder for a new run.

    Parameters
    ----------
    path : path
        The folder; it is made if it is not there.
    keep : int
        How many graded rollouts go to the meta-editor, the newest first.
    """

    def __init__(self, path: str | os.PathLike[str], keep: int = 4096) -> None:
        self.path = os.path.abspath(os.fspath(path))
        if keep < 1:
            raise ArgumentError(f"`keep` is {keep}, and must be 1 or more")
        self._keep = keep
        try:
            import fcntl  # noqa: F401  Not everywhere.
        except ImportError:  # pragma: no cover
            raise ArgumentError("a run folder needs a system with flock") from None
        self._steps = os.path.join(self.path, "steps")
        self._graded = os.path.join(self.path, "graded")
        try:
            os.makedirs(self._steps, exist_ok=True)
            os.makedirs(self._graded, exist_ok=True)
        except OSError as error:
            raise StoreIOError(f"the run folder {self.path} cannot be made: {error}") from None

    @property
    def name(self) -> str:
        """Host and process; not kept, since a fork has another."""
        import socket

        return f"{socket.gethostname()}-{os.getpid()}"

    @contextmanager
    def _locked(self) -> Iterator[None]:
        import fcntl

        # A lock of its own for each call: flock is by open file, so that threads exclude each
        # other.
        with open(os.path.join(self.path, "lock"), "a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _read(self, name: str) -> str | None:
        try:
            with open(os.path.join(self.path, name), encoding="utf-8") as file:
                return file.read().strip() or None
        except FileNotFoundError:
            return None

    def _write(self, name: str, text: str) -> None:
        path = os.path.join(self.path, name)
        # Whole or not at all, whatever happens to the process.
        with open(path + ".new", "w", encoding="utf-8") as file:
            file.write(text + "\n")
        os.replace(path + ".new", path)

    def agree(self, step: int, decide: Callable[[int], str]) -> str:
        name = os.path.join("steps", f"{step:08d}")
        known = self._read(name)
        if known is not None:
            return known
        with self._locked():
            known = self._read(name)
            if known is None:
                since = self._read("updated")
                if since is None:
                    self._write("updated", str(step))
                known = decide(step - int(since) if since is not None else 0)
                self._write(name, known)
        return known

    def updated(self, step: int) -> None:
        self._write("updated", str(step))

    def add(self, step: int, records: Records) -> None:
        if records:
            append(os.path.join(self._graded, f"{step:08d}-{self.name}.jsonl"), records)

    def records(self) -> list[dict[str, Any]]:
        lines: list[bytes] = []
        for name in sorted(os.listdir(self._graded), reverse=True):
            with open(os.path.join(self._graded, name), "rb") as file:
                # Another process may be writing: what has no end yet is no line.
                whole = [line for line in file if line.endswith(b"\n")]
            lines += whole[-(self._keep - len(lines)) :]
            if len(lines) >= self._keep:
                break
        return [json.loads(line) for line in lines]

    def take(self, count: int) -> int:
        with self._locked():
            taken = int(self._read("taken") or 0)
            self._write("taken", str(taken + count))
            return taken


def append(path: str | os.PathLike[str], records: Records) -> None:
    """Appends records to a file of JSON lines, in one write."""
    data = "".join(
        json.dumps(record, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"
        for record in records
    )
    try:
        with open(path, "ab", buffering=0) as file:
            file.write(data.encode())
    except OSError as error:
        raise StoreIOError(f"graded rollouts cannot be written to {path}: {error}") from None
