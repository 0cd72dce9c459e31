"""Following a branch, by turns and asynchronously."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from rubricstore import ArgumentError, ClosedError, NotFoundError, RubricStoreError, Store, edits


def test_by_turns(store: Store) -> None:
    with store.follow("essay@main") as follower:
        first = follower.next(timeout=0)
        assert first == store.pull("essay@main")
        assert follower.next(timeout=0) is None
        store.commit(edits.reweight("flow", 2))
        last = store.commit(edits.reweight("flow", 1))
        # Of several the last is told.
        pin = follower.next(timeout=0)
        assert pin is not None and pin.commit == last.commit
        assert follower.next(timeout=0) is None
    assert follower.closed and "essay@main" in repr(follower)
    with pytest.raises(ClosedError):
        follower.next(timeout=0)
    follower.close()
    assert pin.score([4, 7, 1, 0, 1]).ok


def test_what_leaves_the_rubric_as_it_is_is_not_told(store: Store) -> None:
    follower = store.follow("essay@main", since=store.pull("essay@main"))
    store.commit(edits.no_change(because="looked"))
    assert follower.next(timeout=0) is None


def test_since(store: Store) -> None:
    pin = store.pull("essay@main")
    for since in (pin, pin.commit):
        assert store.follow("essay@main", since=since).next(timeout=0) is None
    store.commit(edits.reweight("flow", 2))
    assert store.follow("essay@main", since=pin).next(timeout=0) is not None
    with pytest.raises(RubricStoreError):
        store.follow("essay@main", since="main")


def test_a_time_is_kept(store: Store) -> None:
    follower = store.follow("essay@main", since=store.pull("essay@main"), poll=0.01)
    start = time.monotonic()
    assert follower.next(timeout=0.1) is None
    assert 0.1 <= time.monotonic() - start < 5


def test_waiting_in_another_thread(store: Store) -> None:
    follower = store.follow("essay@main", since=store.pull("essay@main"), poll=0.01)
    found: list[str] = []
    thread = threading.Thread(target=lambda: found.extend(pin.commit for pin in follower))
    thread.start()
    commits = []
    for weight in (5, 6):
        commits.append(store.commit(edits.reweight("flow", weight)).commit)
        deadline = time.monotonic() + 30
        while len(found) < len(commits) and time.monotonic() < deadline:
            time.sleep(0.01)
    follower.close()
    thread.join(30)
    assert not thread.is_alive() and found == commits


def test_the_loop_goes_on(store: Store) -> None:
    async def follow() -> tuple[list[str], int]:
        turns = 0
        done = False

        async def count() -> None:
            nonlocal turns
            while not done:
                turns += 1
                await asyncio.sleep(0.001)

        counting = asyncio.create_task(count())
        names = []
        follower = store.follow("essay@main", poll=0.02)
        async for pin in follower:
            names.append(pin.commit)
            if len(names) == 3:
                break
            asyncio.get_running_loop().call_later(
                0.1, lambda: store.commit(edits.reweight("flow", len(names) + 3))
            )
        done = True
        follower.close()
        async for _ in follower:
            raise AssertionError("a closed follower goes on")
        await counting
        return names, turns

    names, turns = asyncio.run(follow())
    assert len(set(names)) == 3 and names[-1] == store.pull("essay@main").commit
    assert turns > 20


def test_a_branch_that_is_gone_is_an_error(store: Store) -> None:
    store.create_branch("exp")
    follower = store.follow("essay@exp")
    assert follower.next(timeout=0) is not None
    store.delete_branch("exp")
    with pytest.raises(NotFoundError):
        follower.next(timeout=0)
    with pytest.raises(NotFoundError):
        next(follower)
    with pytest.raises(NotFoundError):
        asyncio.run(follower.__anext__())


def test_a_rubric_that_is_gone_is_an_error(store: Store) -> None:
    follower = store.follow("essay@main")
    follower.next(timeout=0)
    store.remove("essay")
    with pytest.raises(NotFoundError):
        follower.next(timeout=0)


def test_what_cannot_be_followed(store: Store) -> None:
    with pytest.raises(NotFoundError):
        store.follow("essay@nope").next(timeout=0)
    with pytest.raises(NotFoundError):
        store.follow("nope@main").next(timeout=0)
    for poll in (0, -1, float("nan"), float("inf")):
        with pytest.raises(ArgumentError):
            store.follow("essay@main", poll=poll)


def test_it_outlives_its_store(store: Store) -> None:
    follower = store.follow("essay@main")
    path = store.path
    store.close()
    try:
        pin = follower.next(timeout=0)
    except ClosedError:
        return
    assert pin == Store.open(path).pull("essay@main")
