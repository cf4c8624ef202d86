"""One version stands wherever a version is named."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_manifests_and_changes_name_the_version_of_the_project() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    changes = re.findall(r"^## (\d+\.\d+\.\d+)\b", (ROOT / "CHANGELOG.md").read_text(), re.M)
    assert changes[0] == version
    manifests = sorted((ROOT / "deploy" / "kubernetes").glob("*.yaml"))
    images = [
        tag
        for path in manifests
        for tag in re.findall(r"image: equipoise:(\S+)", path.read_text(encoding="utf-8"))
    ]
    assert len(images) == 2
    assert set(images) == {version}
