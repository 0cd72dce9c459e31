"""Following a branch."""

from __future__ import annotations

from time import monotonic, sleep

from . import _ffi
from ._lazy import Lazy
from .errors import ArgumentError, ClosedError
from .pin import PinnedRubric

TYPE_CHECKING = False
if TYPE_CHECKING:
    import asyncio
    from types import TracebackType

    from .pin import Origin
else:
    asyncio = Lazy("asyncio")

__all__ = ["Follower"]


class Follower:
    """New versions of a rubric on a branch, as they come; `Store.follow` makes one.

    An iterator, and an asynchronous one: ``for pin in follower`` and ``async for pin in follower``
    give what is there first, and then wait for others, until the follower is closed. Of several
    commits meanwhile the last is told; a commit that leaves the rubric as it is is not told. A
    branch that is gone is a `NotFoundError`, never the rubric as it last was.
    """

    __slots__ = ("__weakref__", "_handle", "_origin", "poll", "revision")

    poll: float
    """Seconds between two looks at the branch."""
    revision: str
    """What is followed: ``"essay@exp-a"``."""

    def __init__(self, handle: int, revision: str, origin: Origin, poll: float) -> None:
        self._handle = handle
        self._origin = origin
        self.revision = revision
        self.poll = poll
        if not 0 < poll < float("inf"):
            self.close()
            raise ArgumentError(f"`poll` is {poll}, and must be seconds above 0")

    def _look(self) -> PinnedRubric | None:
        handle = self._handle
        if not handle:
            raise ClosedError("the follower is closed")
        pin = _ffi.handle(_ffi.lib.rs_follower_next, handle, 0)
        return PinnedRubric(pin, self._origin) if pin else None

    def next(self, timeout: float | None = None) -> PinnedRubric | None:
        """Waits for the next version.

        Parameters
        ----------
        timeout : float, optional
            Seconds to wait at most; 0 looks once, as trainers do between two steps; for ever if
            left out.

        Returns
        -------
        PinnedRubric or None
            None where the time was over.

        Raises
        ------
        NotFoundError
            The branch, or the rubric on it, is gone.
        ClosedError
            The follower is closed, or was closed meanwhile.
        """
        # Waits here, not in the library, so that signals and forks come through.
        pin = self._look()
        if pin is not None or timeout == 0:
            return pin
        end = None if timeout is None else monotonic() + timeout
        while True:
            left = self.poll if end is None else min(self.poll, end - monotonic())
            if left <= 0:
                return None
            sleep(left)
            pin = self._look()
            if pin is not None:
                return pin

    def __iter__(self) -> Follower:
        return self

    def __next__(self) -> PinnedRubric:
        try:
            pin = self.next()
        except ClosedError:
            raise StopIteration from None
        assert pin is not None
        return pin

    def __aiter__(self) -> Follower:
        return self

    async def __anext__(self) -> PinnedRubric:
        while True:
            try:
                pin = self._look()
            except ClosedError:
                raise StopAsyncIteration from None
            if pin is not None:
                return pin
            await asyncio.sleep(self.poll)

    def close(self) -> None:
        """Ends following; iterations end too. More than once does no harm."""
        handle, self._handle = self._handle, 0
        if handle:
            _ffi.lib.rs_follower_free(handle)

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return not self._handle

    def __enter__(self) -> Follower:
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
        except Exception:  # The interpreter ends.
            pass

    def __repr__(self) -> str:
        return f"<Follower of {self.revision}{', closed' if self.closed else ''}>"
