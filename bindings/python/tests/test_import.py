"""The package as a whole: what an import costs, and that it fits its library."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import rubricstore
from rubricstore import AbiError, Store

ROOT = Path(__file__).resolve().parents[3]


def python(code: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    import os

    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
    )


def test_versions() -> None:
    assert rubricstore.__version__ == rubricstore.library_version()
    done = subprocess.run(
        [sys.executable, "-m", "rubricstore", "--version"], capture_output=True, text=True
    )
    assert done.returncode == 0 and done.stdout.split()[1] == rubricstore.__version__ + ","
    for wrong in ([], ["--help"], ["--version", "x"]):
        done = subprocess.run(
            [sys.executable, "-m", "rubricstore", *wrong], capture_output=True, text=True
        )
        assert done.returncode == 64 and "usage" in done.stderr


def test_a_first_pull_loads_little(shared_store: Store) -> None:
    code = (
        "import sys; before = set(sys.modules); import rubricstore; "
        "print(rubricstore.Store.open(sys.argv[1]).pull('essay@main').commit); "
        "print(*sorted(set(sys.modules) - before))"
    )
    done = python(code, shared_store.path)
    commit, loaded = done.stdout.splitlines()
    assert commit == shared_store.pull("essay").commit
    heavy = {
        "json",
        "re",
        "typing",
        "enum",
        "dataclasses",
        "inspect",
        "pathlib",
        "numpy",
        "asyncio",
        "functools",
        "collections",
        "datetime",
    }
    bare = set(python("import sys; print(*sys.modules)").stdout.split())
    assert not (set(loaded.split()) - bare) & heavy
    assert [name for name in loaded.split() if name.startswith("rubricstore")] == [
        "rubricstore",
        "rubricstore._ffi",
        "rubricstore._lazy",
        "rubricstore._record",
        "rubricstore._version",
        "rubricstore._wire",
        "rubricstore.errors",
        "rubricstore.pin",
        "rubricstore.store",
        "rubricstore.verdicts",
    ]


def test_all_names_are_there() -> None:
    for name in rubricstore.__all__:
        assert getattr(rubricstore, name) is not None
    assert set(rubricstore.__all__) <= set(dir(rubricstore))
    with pytest.raises(AttributeError):
        print(rubricstore.nothing)  # type: ignore[attr-defined]
    names: dict[str, object] = {}
    exec("from rubricstore import *", names)
    assert names["Score"] is rubricstore.Score


def test_everything_public_is_documented() -> None:
    import inspect

    from rubricstore import (
        batch,
        document,
        edits,
        errors,
        evidence,
        follow,
        history,
        pin,
        score,
        store,
    )

    for module in (batch, document, edits, errors, evidence, follow, history, pin, score, store):
        for name in module.__all__:
            value = getattr(module, name)
            if not (inspect.isclass(value) or inspect.isfunction(value)):
                continue
            assert inspect.getdoc(value), name
            for member, item in vars(value).items() if inspect.isclass(value) else ():
                public = not member.startswith("_")
                if public and (inspect.isfunction(item) or isinstance(item, property)):
                    assert inspect.getdoc(item), f"{name}.{member}"


def test_a_library_that_is_not_there(tmp_path: Path) -> None:
    code = (
        "import rubricstore\n"
        "try: rubricstore.Store.open('.')\n"
        "except rubricstore.AbiError as error: print(type(error).__mro__, error)"
    )
    done = python(code, RUBRICSTORE_LIBRARY=str(tmp_path / "nothing.so"))
    assert "ImportError" in done.stdout and "nothing.so" in done.stdout, done.stderr
    (tmp_path / "broken.so").write_bytes(b"\x7fELF" + b"\0" * 100)
    assert "broken.so" in python(code, RUBRICSTORE_LIBRARY=str(tmp_path / "broken.so")).stdout
    import _ctypes

    # A library that is another one.
    assert "AbiError" in python(code, RUBRICSTORE_LIBRARY=_ctypes.__file__).stdout


def test_a_library_of_another_interface(monkeypatch: pytest.MonkeyPatch) -> None:
    from rubricstore import _ffi

    monkeypatch.setattr(_ffi, "ABI_VERSION", 99)
    with pytest.raises(AbiError, match="99"):
        _ffi._load()


def test_without_numpy(shared_store: Store, tmp_path: Path) -> None:
    (tmp_path / "numpy.py").write_text("raise ImportError('not here')")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import rubricstore as r\n"
        "pin = r.Store.open(sys.argv[1]).pull('essay'); print(pin.score([4, 7, 1, 0, 1]).ok)\n"
        "try: pin.score_batch([[1]])\nexcept ImportError as error: print(error)"
    )
    done = python(code, shared_store.path)
    assert done.stdout.startswith("True\n") and "pip install" in done.stdout, done.stderr


def parameters(declaration: str) -> list[str]:
    """What each parameter of a C function is for ctypes."""
    kinds = []
    for part in declaration.split(","):
        part = " ".join(part.split())
        if part == "void":
            continue
        if "*" not in part:
            kinds.append(
                {"rs_status": "c_int", "int32_t": "c_int", "int64_t": "c_long"}.get(
                    part.split()[0],
                    {"size_t": "c_ulong", "ptrdiff_t": "c_long"}.get(part.split()[0]),
                )
            )
        elif re.match(r"const char \*\w+$", part):
            kinds.append("c_char_p")
        else:
            kinds.append("c_void_p")
    return [kind or "?" for kind in kinds]


def test_the_signatures_are_those_of_the_header() -> None:
    header = ROOT / "Sources" / "CRubricStore" / "include" / "rubricstore.h"
    if not header.exists():
        pytest.skip("the header is not here")
    from rubricstore import _ffi

    text = re.sub(r"/\*.*?\*/", "", header.read_text(), flags=re.S)
    found = {
        name: parameters(arguments)
        for name, arguments in re.findall(r"RS_API[^;]*?(rs_\w+)\(([^)]*)\)", text)
    }
    ours = {name: [kind.__name__ for kind in kinds] for name, kinds in _ffi._SIGNATURES.items()}
    unused = {"rs_status_name", "rs_error_status", "rs_error_clear"}
    assert {name: kinds for name, kinds in found.items() if name not in unused} == ours
    version = re.search(r"#define RS_ABI_VERSION (\d+)", header.read_text())
    assert version is not None and int(version[1]) == _ffi.ABI_VERSION


def test_the_library_has_every_function() -> None:
    from rubricstore import _ffi

    for name in _ffi._SIGNATURES:
        assert getattr(_ffi.lib, name)


def test_json_without_its_module() -> None:
    import json

    from rubricstore import _wire

    for value in (
        None,
        True,
        -1.5e-7,
        10**30,
        "ä\n\u2028\U0001f600",
        [[], {}],
        {"a": [1, {"b": 2}]},
    ):
        assert _wire.loads(json.dumps(value)) == value
        assert json.loads(_wire.dumps(value)) == value
    assert "Scanner" in repr(_wire._scanner()) and "_wire" in _wire._writer().__module__
    for wrong in ("", "{", "[1] 2", " 1", "nope"):
        with pytest.raises((ValueError, StopIteration)):
            _wire.loads(wrong)
    for bad in (float("nan"), object(), "\ud800", [float("inf")]):
        with pytest.raises(rubricstore.ArgumentError):
            _wire.dumps(bad)
