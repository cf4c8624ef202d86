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
def test_a_page_calls_commands_and_options_that_there_are(page: Path) -> None:
    blocks = re.findall(r"```(?:\w*)\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    text = "\n".join(blocks).replace("\\\n", " ")
    for line in re.findall(r"(?m)^(?:\w+=\S+ )*equipoise ([a-z].*)$", text):
        words = line.split("#")[0].split("|")[0].split("&&")[0].split()
        command = typer.main.get_command(app)
        while words and words[0] in getattr(command, "commands", {}):
            command = command.commands[words.pop(0)]  # type: ignore[attr-defined]
        assert not hasattr(command, "commands"), line
        known = {each for param in command.params for each in param.opts}
        called = {each.partition("=")[0] for each in words if re.match(r"--[a-z]", each)}
        assert called - known == set(), line
