"""Documents that a former version accepted are accepted, and mean what they meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from kept_documents import meaning
from kept_lenders import KEPT, differences

FOLDERS = sorted(each.parent for each in KEPT.glob("*/documents/*/meaning.json"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda each: f"{each.parts[-3]} {each.name}")
def test_documents_mean_what_they_meant(folder: Path) -> None:
    then = json.loads((folder / "meaning.json").read_text(encoding="utf-8"))
    now = meaning(folder)
    assert list(differences(then, now)) == []
    then["appetite"]["goal"] = "another"
    assert len(list(differences(then, now))) == 1
