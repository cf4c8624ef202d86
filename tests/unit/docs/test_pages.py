"""What the pages lead to is there: files, pages, commands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer.main

from equipoise.cli.commands import app

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs"
INDEX = DOCS / "README.md"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]
_LINK = re.compile(r"\]\(([^)#\s]+)")


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_page_leads_to_files_that_are_there(page: Path) -> None:
    links = _LINK.findall(page.read_text(encoding="utf-8"))
    inside = [each for each in links if "://" not in each and not each.startswith("mailto:")]
    assert [each for each in inside if not (page.parent / each).exists()] == []


def test_the_index_names_every_page_but_single_decisions() -> None:
    named = {(INDEX.parent / each).resolve() for each in _LINK.findall(INDEX.read_text("utf-8"))}
    pages = {page for page in DOCS.rglob("*.md") if page.parent.name != "adr"}
    assert sorted(map(name_of, pages - named - {INDEX})) == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_page_calls_commands_that_there_are(page: Path) -> None:
    group = typer.main.get_command(app)
    known = set(group.commands)  # type: ignore[attr-defined]
    blocks = re.findall(r"```(?:\w*)\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    called = {found[1] for line in lines if (found := re.match(r"equipoise ([a-z][a-z-]*)", line))}
    assert called - known == set()
