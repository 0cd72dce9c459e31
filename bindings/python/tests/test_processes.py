"""Threads, forks, spawned processes, data loaders; a test that hangs is ended by an alarm."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress

import numpy as np
import pytest

from conftest import GOOD
from rubricstore import ClosedError, PinnedRubric, Store, UnscorableError, edits

SECONDS = 120


@pytest.fixture(autouse=True)
def alarm() -> Iterator[None]:
    def late(*_: object) -> None:
        raise TimeoutError("this hangs")

    signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS)
    yield
    signal.alarm(0)


def in_a_child(work: Callable[[], None]) -> None:
    """Forks; the child must do its work and come to an end."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(20)
            work()
            status = 0
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            os._exit(status)
    assert os.waitpid(child, 0)[1] == 0


def use(store: Store, pin: PinnedRubric, expected: float) -> None:
    assert pin.score(GOOD).reward == expected
    assert pin.score_batch(np.array([[4, 7.5, 1, 0, 1]] * 64)).rewards[63] == expected
    assert store.pull("essay@main").score(GOOD).ok
    assert store.pull(pin.name) is pin or store.pull(pin.name) == pin


def test_fork_while_threads_are_at_work(store: Store) -> None:
    pin = store.pull("essay@main")
    expected = float(pin.score(GOOD))
    store.pull(pin.name)
    running = True
    failures: list[BaseException] = []

    def hammer() -> None:
        try:
            while running:
                use(store, pin, expected)
                store.log(limit=1)
                Store.open(store.path).pull("essay")
                try:
                    store.pull("essay@nope")
                except LookupError:
                    pass
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=hammer) for _ in range(4)]
    for thread in threads:
        thread.start()

    def work() -> None:
        use(store, pin, expected)
        own = Store.open(store.path)
        use(own, own.pull(pin.name), expected)
        assert own.branches() and own.log(limit=1)
        own.close()

    try:
        for _ in range(40):
            in_a_child(work)
    finally:
        running = False
        for thread in threads:
            thread.join(30)
    assert failures == [] and not any(thread.is_alive() for thread in threads)
    use(store, pin, expected)


FORK_WHILE_LOADING = """
import os, sys, threading
from rubricstore import Store
store = Store.open(sys.argv[1])
pin = store.pull("essay@main")
barrier = threading.Barrier(2)

def load():
    barrier.wait()
    pin.score([4, 7, 1, 0, 1]), pin.rubric, store.follow("essay@main"), store.log()
    pin.score_batch([[4, 7, 1, 0, 1]])  # loads NumPy, which takes a while

thread = threading.Thread(target=load)
thread.start()
barrier.wait()
child = os.fork()
if child == 0:
    import signal
    signal.alarm(20)
    done = pin.score_batch([[4, 7, 1, 0, 1]]).ok.all() and store.log() and pin.rubric["flow"]
    os._exit(0 if done else 1)
thread.join()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0)
"""


def test_a_fork_while_a_module_is_loaded(store: Store) -> None:
    """A module that is being loaded stays locked in the child, unless the fork waits."""
    run = [sys.executable, "-c", FORK_WHILE_LOADING, store.path]
    assert [subprocess.run(run).returncode for _ in range(8)] == [0] * 8


def test_forks_from_several_threads(store: Store) -> None:
    pin = store.pull("essay@main")
    expected = float(pin.score(GOOD))
    failures: list[BaseException] = []

    def forks() -> None:
        try:
            for _ in range(10):
                use(store, pin, expected)
                in_a_child(lambda: use(store, pin, expected))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=forks) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_child_commits_and_the_parent_sees_it(store: Store) -> None:
    before = store.pull("essay@main")
    in_a_child(lambda: print(store.commit(edits.reweight("flow", 2)).commit))
    assert store.pull("essay@main") != before
    assert store.pull("essay@main").rubric["flow"].weight == 2


def test_a_child_closes_its_own_only(store: Store) -> None:
    pin = store.pull("essay@main")
    in_a_child(store.close)
    assert store.pull("essay@main") == pin


def test_children_of_children(store: Store) -> None:
    pin = store.pull("essay@main")
    expected = float(pin.score(GOOD))
    in_a_child(lambda: in_a_child(lambda: in_a_child(lambda: use(store, pin, expected))))


def test_a_fork_while_a_follower_waits(store: Store) -> None:
    follower = store.follow("essay@main", since=store.pull("essay@main"), poll=0.01)

    def wait() -> None:
        with suppress(ClosedError):
            follower.next(timeout=60)

    thread = threading.Thread(target=wait)
    thread.start()
    start = time.monotonic()
    for _ in range(5):
        in_a_child(lambda: print(store.pull("essay@main")))
    assert time.monotonic() - start < 15
    follower.close()
    thread.join(10)
    assert not thread.is_alive()


def score_here(pin: PinnedRubric) -> tuple[int, float | None]:
    return os.getpid(), pin.score(GOOD).reward


def fail_here(pin: PinnedRubric) -> float:
    return float(pin.score({**GOOD, "flow": None}))


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_pools(store: Store, method: str) -> None:
    pin = store.pull("essay@main")
    context = multiprocessing.get_context(method)
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        found = list(pool.map(score_here, [pin] * 8))
        assert {reward for _, reward in found} == {pin.score(GOOD).reward}
        assert os.getpid() not in {process for process, _ in found}
        # What goes wrong there comes back as what it is.
        with pytest.raises(UnscorableError, match="flow"):
            pool.submit(fail_here, pin).result()


def test_data_loader(store: Store) -> None:
    data = pytest.importorskip("torch.utils.data")
    pin = store.pull("essay@main")
    expected = float(pin.score(GOOD))
    for method in ("fork", "spawn"):
        loader = data.DataLoader(
            Rewards(pin), batch_size=4, num_workers=2, multiprocessing_context=method
        )
        values = [float(value) for batch in loader for value in batch]
        assert values == [expected] * 16


class Rewards:
    def __init__(self, pin: PinnedRubric) -> None:
        self.pin = pin

    def __len__(self) -> int:
        return 16

    def __getitem__(self, index: int) -> float:
        return float(self.pin.score(GOOD))


def test_many_objects_and_no_leak(store: Store) -> None:
    """What is not used any more is freed, in the library too."""
    import gc
    import resource

    pin = store.pull("essay@main")

    def work() -> None:
        for _ in range(300):
            store.pull("essay@main").prompt()
            pin.score(GOOD, explain=True)
            pin.score_batch(np.zeros((10, 5)))
            try:
                store.pull("essay@nope")
            except LookupError:
                pass
        gc.collect()

    work()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(5):
        work()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # KiB
