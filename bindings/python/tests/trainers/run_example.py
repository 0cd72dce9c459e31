"""Runs the example of a trainer with the Python that has the trainer."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

import rubricstore

EXAMPLES = Path(__file__).resolve().parents[4] / "examples"


def python(trainer: str) -> str:
    """The Python that has a trainer: this one, or what RUBRICSTORE_<TRAINER>_PYTHON names."""
    variable = f"RUBRICSTORE_{trainer.upper()}_PYTHON"
    named = os.environ.get(variable)
    if named:
        return named
    if importlib.util.find_spec(trainer) is None:
        pytest.skip(f"{trainer} is not installed here; {variable} names a Python that has it")
    return sys.executable


def run(trainer: str, *arguments: str, timeout: float = 570) -> str:
    """What the example prints; the test fails if the example does."""
    interpreter = python(trainer)
    folder = EXAMPLES / trainer
    if not folder.is_dir():
        pytest.skip("the examples are not beside the tests")
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    source = Path(rubricstore.__file__).resolve().parents[1]
    if source.name == "src":  # Not installed: the other Python finds it there too.
        environment["PYTHONPATH"] = os.pathsep.join(
            [str(source), *filter(None, [os.environ.get("PYTHONPATH")])]
        )
    done = subprocess.run(
        [interpreter, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=timeout,
    )
    assert done.returncode == 0, f"{done.stdout[-6000:]}\n{done.stderr[-6000:]}"
    return done.stdout
