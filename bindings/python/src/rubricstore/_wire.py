"""JSON to and from the library."""

from __future__ import annotations

from ._lazy import load
from .errors import ArgumentError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# `import json` takes as long as a first pull, most of it for `re`. What reads and writes inside
# needs neither, and is taken directly where it is as expected.
_scan: Callable[[str, int], tuple[Any, int]] | None = None
_write: Callable[[object], str] | None = None


class _Context:
    """What CPython's scanner asks for; these are the settings of ``json.loads``."""

    strict = True
    object_hook = None
    object_pairs_hook = None
    array_hook = None
    parse_float = float
    parse_int = int
    parse_constant = float
    memo: dict[str, str] = {}


def loads(text: str) -> Any:
    """Reads JSON of the library's, which has no white space around it."""
    global _scan
    if _scan is None:
        _scan = _scanner()
    value, end = _scan(text, 0)
    if end != len(text):
        raise ValueError(f"there is more after the JSON value at {end}")
    return value


def _scanner() -> Callable[[str, int], tuple[Any, int]]:
    try:
        scan: Callable[[str, int], tuple[Any, int]] = load("_json").make_scanner(_Context())
        if scan('{"a":[1,2.5,null]}', 0) == ({"a": [1, 2.5, None]}, 18):
            return scan
    except Exception:  # Another Python, or a later one that asks for more.
        pass
    decode: Callable[[str, int], tuple[Any, int]] = load("json").JSONDecoder().raw_decode
    return decode


def dumps(value: object) -> bytes:
    """Writes JSON in UTF-8, without NaN or infinities."""
    global _write
    if _write is None:
        _write = _writer()
    try:
        return _write(value).encode()
    except (ValueError, TypeError, RecursionError) as error:
        raise ArgumentError(f"this cannot be written as JSON: {error}") from None


def _writer() -> Callable[[object], str]:
    try:
        native = load("_json")
        make_encoder, quote = native.make_encoder, native.encode_basestring

        def write(value: object) -> str:
            # The dictionary is of what is being written, to notice circles.
            chunks = make_encoder({}, _plain, quote, None, ":", ",", False, False, False)
            return "".join(chunks(value, 0))

        if write({"a": [1, 2.5, None, "ä\n"], "b": ()}) == '{"a":[1,2.5,null,"ä\\n"],"b":[]}':
            return write
    except Exception:
        pass
    encoder = load("json").JSONEncoder(
        allow_nan=False, ensure_ascii=False, separators=(",", ":"), default=_plain
    )
    encode: Callable[[object], str] = encoder.encode
    return encode


def _plain(value: Any) -> object:
    """What NumPy's numbers, arrays, tuples' relatives and mappings are in JSON."""
    for name in ("to_dict", "tolist"):
        method = getattr(value, name, None)
        if callable(method):
            return method()
    if hasattr(value, "keys") and hasattr(value, "__getitem__"):
        return {key: value[key] for key in value.keys()}
    if hasattr(value, "__iter__"):
        return list(value)
    raise TypeError(f"a {type(value).__name__} is none of its values")
