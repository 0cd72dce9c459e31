"""Things of a user's own that a configuration names."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import threading
from typing import Any

from ..errors import ArgumentError
from .core import RubricReward
from .peers import RunFolder

__all__ = ["configured", "named"]

_lock = threading.Lock()


def named(name: Any, what: str = "judge") -> Any:
    """What ``path/to/file.py:name`` or ``package.module:name`` stands for; anything else is itself.

    Parameters
    ----------
    name : str or object
    what : str
        What it is to be, for the message where there is none.

    Raises
    ------
    ArgumentError
        It is not of that form, or there is no such file, module or name.
    """
    if not isinstance(name, str):
        return name
    place, _, attribute = name.rpartition(":")
    if not place or not attribute:
        raise ArgumentError(
            f"the {what} is named `{name}`",
            hint="path/to/file.py:name or package.module:name is wanted",
        )
    with _lock:
        module = _file(place, what) if place.endswith(".py") else _module(place, what)
    try:
        return getattr(module, attribute)
    except AttributeError:
        raise ArgumentError(f"{place} has no `{attribute}`, which is to be the {what}") from None


def configured(
    trainer: str,
    store: Any,
    rubric: str,
    judge: Any,
    run: Any,
    on_unscorable: str | float,
    options: dict[str, Any],
) -> RubricReward:
    """A reward of what a configuration says, for a trainer that takes numbers only."""
    if on_unscorable == "none":
        raise ArgumentError(
            f"{trainer} takes no None for a reward", hint='`on_unscorable` is "raise" or a number'
        )
    options = dict(options)
    for name in ("gold", "proposer"):
        value = options.get(name)
        # A `gold` without a colon is a column.
        if isinstance(value, str) and (name == "proposer" or ":" in value):
            options[name] = named(value, name)
    if run is not None:
        options["peers"] = RunFolder(run, options.get("keep", 4096))
    return RubricReward(store, rubric, named(judge), on_unscorable=on_unscorable, **options)


def _module(place: str, what: str) -> Any:
    try:
        return importlib.import_module(place)
    except ModuleNotFoundError as error:
        raise ArgumentError(f"the {what}'s module `{place}` cannot be imported: {error}") from None


def _file(place: str, what: str) -> Any:
    path = os.path.abspath(place)
    # By its path, so that two files of one name do not stand for each other.
    name = "rubricstore_named_" + "".join(c if c.isalnum() else "_" for c in path)
    if name in sys.modules:
        return sys.modules[name]
    if not os.path.isfile(path):
        raise ArgumentError(f"the {what}'s file {path} is not there")
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:  # pragma: no cover
        raise ArgumentError(f"the {what}'s file {path} is no Python")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module
