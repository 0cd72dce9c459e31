"""Tags the wheel for its platform: any Python 3, one kind of machine."""

import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class LibraryHook(BuildHookInterface):
    """Holds the wheel against the library that it must carry."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable" or self.target_name != "wheel":
            return
        library = Path(self.root, "src", "rubricstore", "_lib", "librubricstore.so")
        if not library.exists():
            raise FileNotFoundError(
                "the library is not built: bindings/python/build-wheel builds it and the wheel"
            )
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{platform}"
