"""What is said of the house is so: its diagrams are the code's, and the files named are there."""

from __future__ import annotations

import re
from pathlib import Path

import house
import pytest

_NAMED = re.compile(r"`((?:src|tests|docs|deploy|benchmarks|examples)/[\w./-]+|[A-Z][\w.]+\.md)`")
_PAGES = ("CONTRIBUTING.md", "docs/explanation/architecture.md")


def test_the_diagrams_are_made_from_the_code_as_it_is() -> None:
    page = house.PAGE.read_text(encoding="utf-8")
    assert house.drawn(page) == page, "make them anew: python tests/support/house.py"


def test_edges_that_others_imply_are_left_out() -> None:
    graph = {"top": {"middle", "low"}, "middle": {"low"}, "low": set[str]()}
    assert list(house.reduced(graph)) == [("top", "middle"), ("middle", "low")]


@pytest.mark.parametrize("page", _PAGES)
def test_a_page_names_only_files_that_are_there(page: str) -> None:
    named = _NAMED.findall((house.ROOT / page).read_text(encoding="utf-8"))
    assert [each for each in named if not (house.ROOT / each).exists()] == []


def test_the_commonest_changes_each_name_a_file_to_open_first() -> None:
    text = (house.ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    _, table = text.split("| to change | open first |", 1)
    rows = [line for line in table.split("\n\n", 1)[0].splitlines() if line.startswith("| ")]
    assert len(rows) >= 10
    assert all(_NAMED.search(row.split("|")[2]) for row in rows)


# What somebody practises is theirs alone, and no program's to read.
# What would teach most is asked and answered at a desk, so is where the lender stands; plans are
# run, and incidents led, in rooms.
_NOT_THERE = {
    "practice": {"api.py"},
    "learning": {"api.py"},
    "standings": {"api.py"},
    "books": {"api.py"},
    "incidents": {"api.py"},
    "disposals": {"api.py"},
    "screenings": {"api.py"},
}


def test_every_context_has_only_files_of_the_plan_or_private_ones() -> None:
    contexts = Path(house.ROOT, "src/equipoise/service/contexts")
    for folder in contexts.iterdir():
        if folder.is_dir() and folder.name != "__pycache__":
            here = {each.name for each in folder.iterdir()}
            planned = {"__init__.py", "apps.py", "models.py", "migrations", "api.py"}
            assert planned - _NOT_THERE.get(folder.name, set()) <= here, folder


def test_a_contract_keeps_the_models_of_every_app_at_home() -> None:
    assert house.apps_that_keep_their_models() == house.apps_with_models()


def test_others_come_to_a_context_by_its_face() -> None:
    assert house.imports_past_faces() == {}
