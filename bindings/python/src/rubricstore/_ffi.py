"""The C interface of the library: its signatures, and how a call is made.

Nothing else of the package knows ctypes. A function is looked up on its first use, so that a
program pays for what it calls.
"""

from __future__ import annotations

import ctypes
import os
from ctypes import byref, c_char_p, c_int32, c_int64, c_size_t, c_ssize_t, c_void_p, string_at

from . import _wire
from .errors import AbiError, ArgumentError, RubricStoreError, of_status

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

ABI_VERSION = 1
"""The interface that this package is written for (`RS_ABI_VERSION`)."""

_HANDLE = c_void_p
_TEXT = c_char_p
# `byref()` of anything goes where an address is asked for.
_OUT = c_void_p
_ADDRESS = c_void_p

_SIGNATURES: dict[str, tuple[Any, ...]] = {
    "rs_abi_check": (c_int32,),
    "rs_text_bytes": (_HANDLE, _OUT, _OUT),
    "rs_text_free": (_HANDLE,),
    "rs_store_open": (_TEXT, _TEXT, _OUT),
    "rs_store_create": (_TEXT, _TEXT, _OUT),
    "rs_store_clone": (_TEXT, _TEXT, _TEXT, _OUT),
    "rs_store_describe": (_HANDLE, _OUT),
    "rs_store_free": (_HANDLE,),
    "rs_rubric_list": (_HANDLE, _TEXT, _OUT),
    "rs_revision_resolve": (_HANDLE, _TEXT, _OUT),
    "rs_branch_list": (_HANDLE, _OUT),
    "rs_branch_create": (_HANDLE, _TEXT, _TEXT, _OUT),
    "rs_branch_delete": (_HANDLE, _TEXT, c_int32),
    "rs_tag_list": (_HANDLE, _OUT),
    "rs_tag_create": (_HANDLE, _TEXT, _TEXT, _TEXT, _OUT),
    "rs_tag_delete": (_HANDLE, _TEXT),
    "rs_rubric_validate": (_TEXT, c_size_t, _OUT),
    "rs_rubric_convert": (_TEXT, c_size_t, _TEXT, _OUT),
    "rs_rubric_commit": (_HANDLE, _TEXT, c_size_t, _TEXT, _OUT),
    "rs_rubric_remove": (_HANDLE, _TEXT, _TEXT, _OUT),
    "rs_edits_commit": (_HANDLE, _TEXT, _OUT),
    "rs_log_read": (_HANDLE, _TEXT, _OUT),
    "rs_diff_read": (_HANDLE, _TEXT, _TEXT, _OUT),
    "rs_branch_merge": (_HANDLE, _TEXT, _OUT),
    "rs_note_add": (_HANDLE, _TEXT, _OUT),
    "rs_note_list": (_HANDLE, _TEXT, _OUT),
    "rs_replay_read": (_HANDLE, _TEXT, _TEXT, c_size_t, _OUT),
    "rs_evidence_update": (_HANDLE, _TEXT, _TEXT, c_size_t, _OUT),
    "rs_stamp_verify": (_HANDLE, _TEXT, _OUT),
    "rs_pin_pull": (_HANDLE, _TEXT, _OUT),
    "rs_pin_pull_cached": (_TEXT, _TEXT, _OUT),
    "rs_pin_free": (_HANDLE,),
    "rs_pin_describe": (_HANDLE, _OUT),
    "rs_pin_document": (_HANDLE, _TEXT, _OUT),
    "rs_pin_prompt": (_HANDLE, _TEXT, _OUT),
    "rs_pin_schema": (_HANDLE, _TEXT, _OUT),
    "rs_pin_stamp": (_HANDLE, _OUT),
    "rs_pin_score": (_HANDLE, _TEXT, c_int32, _OUT),
    "rs_pin_columns": (_HANDLE, _OUT),
    "rs_pin_score_batch": (
        _HANDLE,
        c_size_t,
        c_size_t,
        _ADDRESS,
        c_ssize_t,
        c_ssize_t,
        _ADDRESS,
        _ADDRESS,
        _ADDRESS,
        _ADDRESS,
    ),
    "rs_follower_open": (_HANDLE, _TEXT, _TEXT, _OUT),
    "rs_follower_next": (_HANDLE, c_int64, _OUT),
    "rs_follower_free": (_HANDLE,),
    "rs_error_json": (),
    "rs_error_message": (),
    "rs_library_version": (),
    "rs_abi_version": (),
}

# Those that answer something else than a status.
_RESULTS: dict[str, Any] = {
    "rs_error_json": c_char_p,
    "rs_error_message": c_char_p,
    "rs_library_version": c_char_p,
}


def library_path() -> str:
    """The file that the library is loaded from.

    It is the one in the package, unless the environment names another in ``RUBRICSTORE_LIBRARY``.
    """
    return os.environ.get("RUBRICSTORE_LIBRARY") or os.path.join(
        os.path.dirname(os.path.abspath(__file__)), "_lib", "librubricstore.so"
    )


def _load() -> ctypes.CDLL:
    path = library_path()
    try:
        library = ctypes.CDLL(path)
        check = library.rs_abi_check
    except (OSError, AttributeError) as error:
        raise AbiError(
            f"the library of rubricstore cannot be loaded from {path}: {error}",
            hint="install the wheel for this platform, or name a library in RUBRICSTORE_LIBRARY",
        ) from None
    check.argtypes = (c_int32,)
    if check(ABI_VERSION):
        raise AbiError(
            f"the library at {path} is for another version of the package, which needs version "
            f"{ABI_VERSION} of the interface",
            hint="use the library that comes with the package",
        )
    return library


class _Functions:
    """The functions of the library, each bound when it is first asked for."""

    def __getattr__(self, name: str) -> Any:
        if name not in _SIGNATURES:
            raise AttributeError(name)
        library = self.__dict__.get("_library")
        if library is None:
            library = self.__dict__["_library"] = _load()
        try:
            function = getattr(library, name)
        except AttributeError:
            raise AbiError(
                f"the library at {library_path()} has no function {name}",
                hint="use the library that comes with the package",
            ) from None
        function.argtypes = _SIGNATURES[name]
        function.restype = _RESULTS.get(name, c_int32)
        self.__dict__[name] = function
        return function


lib: Any = _Functions()


def failure() -> RubricStoreError:
    """The exception for the last call of this thread, which failed."""
    return of_status(_wire.loads(lib.rs_error_json().decode()), lib.rs_error_message().decode())


def text(value: str, name: str = "text") -> bytes:
    """A text as C takes it."""
    try:
        data = value.encode()
    except UnicodeEncodeError:
        raise ArgumentError(f"`{name}` has characters that are not Unicode") from None
    except AttributeError:
        raise TypeError(f"`{name}` must be a str, not {type(value).__name__}") from None
    if b"\0" in data:
        raise ArgumentError(f"`{name}` has a NUL character")
    return data


def optional_text(value: str | None, name: str = "text") -> bytes | None:
    """A text as C takes it; NULL for None."""
    return None if value is None else text(value, name)


def path_text(value: str | os.PathLike[str], name: str = "path") -> bytes:
    """A path as C takes it."""
    return text(os.fspath(value), name)


def request(**members: object) -> bytes:
    """A JSON object of those members that are not None."""
    return _wire.dumps({key: value for key, value in members.items() if value is not None})


def check(status: int) -> None:
    """Raises what a call failed of."""
    if status:
        raise failure()


def handle(function: Any, *arguments: object) -> int:
    """Makes a call that answers a handle; 0 if it answers NULL."""
    out = c_void_p()
    if function(*arguments, byref(out)):
        raise failure()
    return out.value or 0


def answer(function: Any, *arguments: object) -> str:
    """Makes a call that answers a text."""
    out = c_void_p()
    if function(*arguments, byref(out)):
        raise failure()
    try:
        place = c_void_p()
        length = c_size_t()
        if lib.rs_text_bytes(out, byref(place), byref(length)):
            raise failure()
        return string_at(place.value or 0, length.value).decode()
    finally:
        lib.rs_text_free(out)


def answer_json(function: Any, *arguments: object) -> Any:
    """Makes a call that answers JSON."""
    return _wire.loads(answer(function, *arguments))


lend: Any = (ctypes.c_char * 1).from_buffer
"""A writable buffer without gaps as C takes an address; the cheapest way to say it."""


def columns(pin: int) -> int:
    """The number of columns of a pin's batches."""
    count = c_size_t()
    check(lib.rs_pin_columns(pin, byref(count)))
    return count.value
