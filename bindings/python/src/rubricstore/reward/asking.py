"""Asks a judge, be it a function or an asynchronous one."""

from __future__ import annotations

import asyncio
import inspect
import os
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..pin import PinnedRubric
    from .rollout import Judge, Judged, Rollout

__all__ = ["ask", "ask_async"]


def ask(judge: Judge, pin: PinnedRubric, rollouts: Sequence[Rollout]) -> Judged:
    """What a judge answers; waits for an asynchronous one."""
    judged = judge(pin, rollouts)
    return _waited(judged) if inspect.isawaitable(judged) else judged


async def ask_async(judge: Judge, pin: PinnedRubric, rollouts: Sequence[Rollout]) -> Judged:
    """The same in an event loop, which a judge that is no coroutine does not hold up."""
    if _is_async(judge):
        return await judge(pin, rollouts)
    judged = await asyncio.to_thread(judge, pin, rollouts)
    return await judged if inspect.isawaitable(judged) else judged


def _is_async(judge: Any) -> bool:
    call = getattr(judge, "__call__", None)  # noqa: B004  Of an object it is the method.
    return inspect.iscoroutinefunction(judge) or inspect.iscoroutinefunction(call)


def _waited(judged: Any) -> Any:
    """Waits for an answer, also where a loop runs in this thread already."""

    async def wait() -> Any:
        return await judged

    loop = _loop.running()
    if loop is None:
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(1) as pool:
            return pool.submit(asyncio.run, wait()).result()
    answer = asyncio.run_coroutine_threadsafe(wait(), loop)
    try:
        return answer.result()
    except BaseException:
        answer.cancel()  # Nobody waits for it any more, as after Ctrl-C.
        raise


class _Loop:
    """The event loop of all steps, in a thread of its own.

    A judge keeps its client and its semaphore from step to step, and they work in one loop only.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def running(self) -> asyncio.AbstractEventLoop | None:
        """The loop; None in its own thread, where a judge grades by another judge."""
        with self._lock:
            if self._made is None:
                self._made = asyncio.new_event_loop()
                self._thread = threading.Thread(
                    target=_turn, args=(self._made,), name="rubricstore-judge", daemon=True
                )
                self._thread.start()
            return None if self._thread is threading.current_thread() else self._made


def _turn(loop: asyncio.AbstractEventLoop) -> None:
    while True:
        try:
            loop.run_forever()
        except BaseException:
            # A judge's SystemExit comes out here too; it is for who waits, and the loop goes on.
            continue


_loop = _Loop()
_of_parents: list[_Loop] = []


def _after_fork() -> None:
    """The child has no such thread, and a lock that may be held for ever."""
    global _loop
    # Kept: a loop that is closed here would no longer wake up in the parent.
    _of_parents.append(_loop)
    _loop = _Loop()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
