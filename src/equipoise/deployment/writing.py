"""Putting new sections into strategy.yaml and leaving the rest, comments and all, as it was."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

_TOP = re.compile(r"^([A-Za-z_][A-Za-z0-9_]*):")


def with_sections(text: str, sections: Mapping[str, Any], comments: Mapping[str, str]) -> str:
    """The document with top-level `sections` in place of those of the same name, or at its end.

    A comment line stands above a section that gets one.
    """
    blocks = _blocks(text)
    for name, value in sections.items():
        comment = comments.get(name, "")
        written = "".join(f"# {line}\n" for line in comment.splitlines())
        # of a plain value, that style would make the whole section a flow mapping
        style = None if isinstance(value, (dict, list)) else False
        written += yaml.safe_dump(
            {name: value}, default_flow_style=style, sort_keys=False, allow_unicode=True, width=100
        )
        place = next((at for at, (key, _) in enumerate(blocks) if key == name), None)
        if place is None:
            blocks.append((name, ("" if blocks[-1][1].endswith("\n\n") else "\n") + written))
        else:
            tail = "\n" if blocks[place][1].endswith("\n\n") else ""
            blocks[place] = (name, written + tail)
    return "".join(block for _, block in blocks)


def _blocks(text: str) -> list[tuple[str, str]]:
    """The text cut before each top-level key; comments above a key go with it."""
    blocks: list[tuple[str, str]] = [("", "")]
    waiting = ""
    for line in text.splitlines(keepends=True):
        match = _TOP.match(line)
        if match:
            blocks.append((match.group(1), waiting + line))
            waiting = ""
        elif line.startswith("#"):
            waiting += line
        else:
            key, block = blocks[-1]
            blocks[-1] = (key, block + waiting + line)
            waiting = ""
    key, block = blocks[-1]
    blocks[-1] = (key, block + waiting)
    return [each for each in blocks if each[1]]
