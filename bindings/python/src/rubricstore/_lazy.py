"""Modules that are loaded when they are first used, in a way that `os.fork` cannot spoil.

A module that one thread is loading while another forks stays locked in the child for ever, and the
child waits for it. So the package loads its own under one lock, and a fork waits for that lock.
"""

from __future__ import annotations

import os
from _thread import RLock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

importing = RLock()
"""Is held while a module is loaded."""

if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=importing.acquire,
        after_in_parent=importing.release,
        # The child's one thread is the one that forked, and holds the lock.
        after_in_child=importing.release,
    )


def load(name: str) -> Any:
    """The module of a full name."""
    with importing:
        return __import__(name, fromlist=("__name__",))


class Lazy:
    """Stands for a module until something of it is asked for.

    What was asked for once is an attribute from then on.
    """

    def __init__(self, name: str) -> None:
        self.__name__ = name

    def __getattr__(self, name: str) -> Any:
        value = getattr(load(self.__name__), name)
        self.__dict__[name] = value
        return value
