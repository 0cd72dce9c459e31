"""Asks a judge, be it a function or an asynchronous one."""

from __future__ import annotations

import asyncio
import inspect
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
    from concurrent.futures import ThreadPoolExecutor

    async def wait() -> Any:
        return await judged

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, wait()).result()
