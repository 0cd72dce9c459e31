"""The command ``rubricctl``, which the wheel carries."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Becomes the program."""
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "_bin", "rubricctl")
    try:
        os.execv(program, ["rubricctl", *sys.argv[1:]])
    except OSError as error:
        print(f"rubricctl cannot be started: {error}", file=sys.stderr)
        sys.exit(2)
