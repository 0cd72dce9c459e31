"""``python -m rubricstore --version``."""

from __future__ import annotations

import sys


def main(arguments: list[str]) -> int:
    """Tells the versions; everything else is `rubricctl`'s."""
    if arguments != ["--version"]:
        print("usage: python -m rubricstore --version", file=sys.stderr)
        return 64
    from . import __version__, _ffi, library_version

    print(
        f"rubricstore {__version__}, library {library_version()}, ABI {_ffi.lib.rs_abi_version()}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
