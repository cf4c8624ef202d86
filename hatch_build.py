"""Compiles catalogues of translations into the wheel, with nothing beside Python.

A checkout needs none of it: there the catalogues are compiled when they are read.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

TEXTS = Path("src", "equipoise", "texts")


class Catalogues(BuildHookInterface):  # type: ignore[type-arg]
    """Adds a .mo beside every .po of the package."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel" or version == "editable":
            return
        root = Path(self.root)
        compiled = _compiler(root / TEXTS / "catalogue.py")
        self._folder = TemporaryDirectory()
        for catalogue in sorted((root / TEXTS / "locale").glob("*/*.po")):
            place = catalogue.relative_to(root / "src").with_suffix(".mo")
            made = Path(self._folder.name, f"{place.parent.name}-{place.name}")
            made.write_bytes(compiled(catalogue.read_text(encoding="utf-8")))
            build_data["force_include"][str(made)] = place.as_posix()

    def finalize(self, *_: object) -> None:
        if hasattr(self, "_folder"):
            self._folder.cleanup()


def _compiler(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("catalogue", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.compiled
