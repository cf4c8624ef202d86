"""The lender at whom the tutorials begin, made by the commands that stand there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from made_once import copy_of, made_once
from processes import command
from test_how_tos import blocks

MORNING = "tutorial/underwriters-morning.md"
TOLD = "told.json"
FEWER = {
    "new": ("--applicants", 4000),
    "demo": ("--applicants", 1),
}  # than as it stands: in a minute


def commands(page: str) -> list[str]:
    """The first commands of a tutorial; the very first sets up a checkout, which is there."""
    setup, *lines = blocks(page, "")[0].strip().splitlines()
    assert setup.startswith("make setup")
    return lines


def first_lender(factory: pytest.TempPathFactory) -> Path:
    """A copy of one's own of what the morning's commands make; the last one's words are in TOLD."""
    made = made_once(factory, "first-lender", _make)
    return copy_of(made, factory.mktemp("tutorial") / "first")


def _make(folder: Path) -> None:
    for line in commands(MORNING):
        name, *words = line.split()
        assert name == "equipoise"
        if words[0] in FEWER and FEWER[words[0]][0] in words:
            at = words.index(FEWER[words[0]][0])
            del words[at : at + 2]
        given = [folder if each == "first" else each for each in words]
        code, said = command(*given, *FEWER.get(words[0], ()))
        assert code == 0, (line, said)
    (folder / TOLD).write_text(json.dumps(said), encoding="utf-8")
