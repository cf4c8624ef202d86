"""The shipped packs as the reference shows them to a lawyer: every rule on every day it holds.

`python tests/support/packs.py` writes the tables into docs/reference/jurisdictions.md.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "jurisdictions.md"
PACKS = ROOT / "src" / "equipoise" / "jurisdiction" / "packs"
_WHEN = {
    None: "",
    "bureau": ", where a bureau's facts were used,",
    "score": ", where a bureau's score was used,",
}
_HEADS = ("clock", "term", "holds", "source", "verified", "note")


def shipped() -> dict[str, dict[str, Any]]:
    """The packs' files as plain data, by name."""
    files = (yaml.safe_load(path.read_text("utf-8")) for path in sorted(PACKS.glob("*.yaml")))
    return {each["pack"]: each for each in files}


def drawn(page: str) -> str:
    """The page with each pack's section written anew."""
    for name, pack in shipped().items():
        section = "\n".join(_section(pack))
        page = re.sub(
            rf"(?m)(^## {name}\n\n).*?(?=^## |^Next:)",
            lambda match, text=section: f"{match[1]}{text}\n\n",
            page,
            flags=re.DOTALL,
        )
    return page


def _section(pack: Mapping[str, Any]) -> Iterator[str]:
    yield pack["caution"]
    yield ""
    yield _row(_HEADS)
    yield _row(["---"] * len(_HEADS))
    for rule in pack["rules"]:
        moves = ", or the next open day" if rule.get("closed_day") == "next_open_day" else ""
        yield _row([f"`{rule['kind']}`", rule["term"] + moves, *_common(rule)])
    for notice in pack.get("notices", ()):
        items = ", ".join(content["item"] for content in notice["contains"])
        letters = f"{' and '.join(notice['letters'])}{_WHEN[notice.get('when')]} contain"
        yield _row([letters, items, *_common(notice)])
    for body in pack.get("bodies", ()):
        yield _row(["who else can be turned to", body["name"]["en"], *_common(body)])


def _common(entry: Mapping[str, Any]) -> tuple[str, str, str, str]:
    until = f" to {entry['until']}" if "until" in entry else ""
    days = f"from {entry['from']}{until}"
    return days, entry["source"], entry["verified"], entry.get("note", "")


def _row(cells: Any) -> str:
    return f"| {' | '.join(' '.join(str(each).split()) for each in cells)} |"


if __name__ == "__main__":
    PAGE.write_text(drawn(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)}\n")
