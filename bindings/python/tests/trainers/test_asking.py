"""Asynchronous judges, and what they keep from one step to the next."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from noting import judge, made, written

from rubricstore import PinnedRubric, Store
from rubricstore.reward import Rollout, RubricReward


@pytest.fixture(autouse=True)
def alarm() -> Iterator[None]:
    def late(*_: object) -> None:
        raise TimeoutError("this hangs")

    signal.signal(signal.SIGALRM, late)
    signal.alarm(60)
    yield
    signal.alarm(0)


@pytest.fixture
def notes(tmp_path: Path) -> Store:
    return made(str(tmp_path / "notes"))


class Limited:
    """A judge that asks one rollout at a time; its semaphore works in one event loop only."""

    def __init__(self) -> None:
        self.one = asyncio.Semaphore(1)

    async def __call__(
        self, pin: PinnedRubric, rollouts: Sequence[Rollout]
    ) -> list[dict[str, Any]]:
        async def ask(rollout: Rollout) -> dict[str, Any]:
            async with self.one:
                await asyncio.sleep(0)
                return judge(pin, [rollout])[0]

        return await asyncio.gather(*map(ask, rollouts))


def test_what_a_judge_keeps_works_at_every_step(notes: Store) -> None:
    expected = RubricReward(notes, "note@exp-a", judge).grade(written(8, 0)).rewards
    reward = RubricReward(notes, "note@exp-a", Limited())
    found = [reward.grade(written(8, 0)).rewards for _ in range(3)]

    async def inside() -> None:
        found.append(reward.grade(written(8, 0)).rewards)  # a loop runs in this thread

    asyncio.run(inside())
    threads = [
        threading.Thread(target=lambda: found.append(reward.grade(written(8, 0)).rewards))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 8


def test_a_forked_process_has_a_loop_of_its_own(notes: Store) -> None:
    reward = RubricReward(notes, "note@exp-a", Limited())
    expected = reward.grade(written(8, 0)).rewards
    for _ in range(2):
        child = os.fork()
        if child == 0:
            status = 1
            try:
                signal.signal(signal.SIGALRM, signal.SIG_DFL)
                signal.alarm(20)
                # The parent's semaphore is bound to the parent's loop.
                again = RubricReward(notes, "note@exp-a", Limited())
                right = [again.grade(written(8, 0)).rewards == expected for _ in range(2)]
                status = 0 if all(right) else 2
            finally:
                os._exit(status)
        assert os.waitpid(child, 0)[1] == 0
        assert reward.grade(written(8, 0)).rewards == expected  # and the parent's goes on


def test_a_judge_that_grades_by_another(notes: Store) -> None:
    inner = RubricReward(notes, "note@exp-a", Limited())

    async def outer(pin: PinnedRubric, rollouts: Sequence[Rollout]) -> list[dict[str, Any]]:
        assert inner.grade(rollouts).rewards
        await asyncio.sleep(0)
        return judge(pin, rollouts)

    reward = RubricReward(notes, "note@exp-a", outer)
    assert reward.grade(written(1, 0)).rewards == reward.grade(written(1, 0)).rewards


@pytest.mark.parametrize("kind", [RuntimeError, SystemExit, KeyboardInterrupt, StopAsyncIteration])
def test_a_judge_that_raises_does_not_end_the_loop(notes: Store, kind: type[BaseException]) -> None:
    async def breaks(pin: PinnedRubric, rollouts: Sequence[Rollout]) -> Any:
        await asyncio.sleep(0)
        raise kind("no")

    good = RubricReward(notes, "note@exp-a", Limited())
    expected = good.grade(written(2, 0)).rewards
    for _ in range(2):
        with pytest.raises(kind):
            RubricReward(notes, "note@exp-a", breaks).grade(written(2, 0))
    assert good.grade(written(2, 0)).rewards == expected


def test_who_waits_may_give_up(notes: Store) -> None:
    class GivenUp(Exception):
        pass

    ended = threading.Event()

    async def hangs(pin: PinnedRubric, rollouts: Sequence[Rollout]) -> Any:
        try:
            await asyncio.sleep(3600)
        finally:
            ended.set()

    def interrupt(*_: object) -> None:
        raise GivenUp

    signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    with pytest.raises(GivenUp):
        RubricReward(notes, "note@exp-a", hangs).grade(written(1, 0))
    assert ended.wait(30), "the judge goes on, and nobody waits for it"


def test_a_rollout_is_printed_in_a_line() -> None:
    assert repr(Rollout("a note", "ab!", "7-0")) == (
        "Rollout(id='7-0', prompt='a note', completion='ab!')"
    )
    long = "word " * 10_000
    messages = [{"role": "user", "content": [{"type": "text", "text": long}]}] * 50
    for rollout in (
        Rollout(long, long, extra={"answer": long}),
        Rollout(messages, [{"role": "assistant", "content": long}], extra={"answer": long}),
    ):
        assert len(repr(rollout)) < 300 and "answer" not in repr(rollout)
        assert "word" in repr(rollout)
