"""The base of what the library answers: objects that are read and never changed."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, NoReturn


def camel(name: str) -> str:
    """The key in JSON of an attribute: ``gitFolder`` for ``git_folder``."""
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


class Record:
    """The members of a JSON object as attributes.

    Members that are new in a later library, and have no attribute yet, are in `to_dict`.
    """

    # The attributes in their order. `__slots__` cannot hold them: the classes annotate them.
    _names: tuple[str, ...] = ()
    # How an attribute is made of its member, where that is not as it stands.
    _readers: dict[str, Callable[[Any], Any]] = {}
    # The key of an attribute, where it is not the attribute in camel case.
    _keys: dict[str, str] = {}

    _data: dict[str, Any]

    def __init__(self, data: dict[str, Any]) -> None:
        state = self.__dict__
        state["_data"] = data
        for name in self._names:
            value = data.get(self._keys.get(name) or camel(name))
            reader = self._readers.get(name)
            state[name] = reader(value) if reader is not None else value

    def to_dict(self) -> dict[str, Any]:
        """What the library answered, as a dictionary of one's own."""
        copied: dict[str, Any] = _copy(self._data)
        return copied

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a {type(self).__name__} cannot be changed")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a {type(self).__name__} cannot be changed")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return bool(self._data == other._data)

    def __hash__(self) -> int:
        return hash((type(self), _frozen(self._data)))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._data,)

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._shown())
        return f"{type(self).__name__}({values})"

    def _shown(self) -> Iterator[str]:
        return iter(self._names)


def texts(value: Any) -> tuple[str, ...]:
    """A list of texts as a tuple; empty for None."""
    return tuple(value or ())


def each(kind: Callable[[Any], Any]) -> Callable[[Any], tuple[Any, ...]]:
    """Makes a tuple of `kind` of a list; empty for None."""
    return lambda value: tuple([kind(item) for item in value or ()])


def optional(kind: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Makes a `kind`, and None of None."""
    return lambda value: None if value is None else kind(value)


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_copy(item) for item in value]
    return value


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return tuple((key, _frozen(value[key])) for key in sorted(value))
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    return value
