"""The house as the code has it: rooms by layer, and who imports whom, as Mermaid draws it.

Edges that others imply are left out, so that a picture of thirty rooms can be read; one that points
up, which a list of breaches would have to allow, is dotted.
`python tests/support/house.py` writes the diagrams into docs/explanation/architecture.md.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import grimp

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "explanation" / "architecture.md"
HOUSE, SERVICE = "imports point down only", "inside the service, imports point down"
CONTEXTS = "contexts stand in their order"


def layers(name: str) -> list[list[str]]:
    """The layers of a contract, top first, each with its rooms."""
    (contract,) = (each for each in _contracts() if each["name"] == name)
    return [re.findall(r"[\w.]+", layer) for layer in contract["layers"]]


def _contracts() -> list[dict[str, Any]]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts: list[dict[str, Any]] = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    return contracts


@cache
def _graph() -> grimp.ImportGraph:
    return grimp.build_graph("equipoise", cache_dir=None)


def edges(rooms: Sequence[str]) -> dict[str, set[str]]:
    """Which of the rooms (full names) each imports, at any depth of its own files."""
    graph = _graph()
    return {
        one: {
            other
            for other in rooms
            if other != one
            and graph.direct_import_exists(importer=one, imported=other, as_packages=True)
        }
        for one in rooms
    }


def reduced(graph: Mapping[str, set[str]]) -> Iterator[tuple[str, str]]:
    """The edges that no longer way implies."""
    for one in graph:
        for other in sorted(graph[one]):
            if not any(other in _below(graph, third) for third in graph[one] - {other}):
                yield one, other


def _below(graph: Mapping[str, set[str]], start: str) -> set[str]:
    reached: set[str] = set()
    ahead = [start]
    while ahead:
        for each in graph[ahead.pop()] - reached:
            reached.add(each)
            ahead.append(each)
    return reached


def diagram(name: str, package: str) -> str:
    """A contract's rooms with the imports between them, as a Mermaid flowchart."""
    rows = [[f"{package}.{room.removeprefix(package + '.')}" for room in row]
            for row in layers(name)]  # fmt: skip
    rooms = [room for row in rows for room in row]
    short = {room: room.rsplit(".", 1)[1] for room in rooms}
    lines = ["```mermaid", "flowchart TD"]
    for place, row in enumerate(rows):
        named = "; ".join(short[room] for room in row)
        lines.append(f"    subgraph layer{place}[ ]")
        lines += [f"        {each}" for each in named.split("; ")]
        lines.append("    end")
    lower = {room: {each for below in rows[place + 1 :] for each in below}
             for place, row in enumerate(rows) for room in row}  # fmt: skip
    imports = edges(rooms)
    down = {one: imports[one] & lower[one] for one in rooms}
    lines += [f"    {short[one]} --> {short[other]}" for one, other in reduced(down)]
    breaches = ((one, other) for one in rooms for other in sorted(imports[one] - lower[one]))
    lines += [f"    {short[one]} -.-> {short[other]}" for one, other in breaches]
    return "\n".join([*lines, "```"])


def apps_with_models() -> set[str]:
    """The service's apps that have models, by full name."""
    models = (each for each in _graph().modules if each.startswith("equipoise.service."))
    return {each.removesuffix(".models") for each in models if each.endswith(".models")}


def apps_that_keep_their_models() -> set[str]:
    """Those of which a contract says that nobody else imports their models."""
    return {
        importer
        for each in _contracts()
        if each["type"] == "protected"
        for importer in each["allowed_importers"]
        if each["protected_modules"] == [f"{importer}.models"]
    }


FACES = {"services", "reading", "api", "schemas", "events", "tasks", "apps", "notebook"}
"""Files of a context that others may import; the notebook of cases by a contract of its own."""


def imports_past_faces() -> dict[str, int]:
    """How many imports reach into a context's private files, by context."""
    graph, contexts = _graph(), "equipoise.service.contexts."
    past: Counter[str] = Counter()
    for importer in graph.modules:
        for imported in graph.find_modules_directly_imported_by(importer):
            context, _, file = imported.removeprefix(contexts).partition(".")
            foreign = not f"{importer}.".startswith(f"{contexts}{context}.")
            if imported.startswith(contexts) and foreign and file and file not in FACES:
                past[context] += 1
    return dict(past)


def diagrams() -> dict[str, str]:
    """Every diagram of the page, by the heading it stands under."""
    return {
        "## The rooms": diagram(HOUSE, "equipoise"),
        "## Inside the service": diagram(SERVICE, "equipoise.service"),
        "## Contexts": diagram(CONTEXTS, "equipoise.service.contexts"),
    }


def drawn(page: str) -> str:
    """The page with its diagrams made anew."""
    for heading, text in diagrams().items():
        pattern = rf"({re.escape(heading)}\n.*?)```mermaid\n.*?```"
        page = re.sub(pattern, lambda m, new=text: m[1] + new, page, count=1, flags=re.DOTALL)
    return page


if __name__ == "__main__":
    PAGE.write_text(drawn(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)}\n")
