"""Sections of a lender's YAML document written anew: what says the same stays as it stands,
comments and all. `document_rows` moves, adds and removes the rows of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

_ONE_LINE = 10_000  # letters: an item stands on one line, however long


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters of a text, and what stands in their place."""

    start: int
    end: int
    text: str


def rewritten(text: str, data: Mapping[str, Any], sections: Sequence[str]) -> str:
    """The document with these `sections` of `data` in place of its own; one of None stays as it is.

    Of a list whose items have names, only items that differ are written anew: a name that is gone
    is taken out, a new one comes last. `text` is YAML of a mapping that holds no alias.
    """
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    nodes = _by_key(root) if isinstance(root, yaml.MappingNode) else {}
    edits: list[Edit] = []
    added = ""
    for name in sections:
        value = data.get(name)
        if value is None:
            continue
        if name not in nodes:
            added += f"{name}: {written(value)}\n" if value else ""
        elif plain(nodes[name]) != value:
            edits += _edits(text, nodes[name], value)
    for edit in sorted(edits, key=lambda each: each.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    if added and text and not text.endswith("\n"):
        text += "\n"
    return text + added


def sections_of(text: str) -> Mapping[str, Any]:
    """The document's sections as plain data. `text` is YAML that holds no alias."""
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    return plain(root) if isinstance(root, yaml.MappingNode) else {}


def _by_key(root: yaml.MappingNode) -> dict[str, yaml.Node]:
    return {key.value: value for key, value in root.value}


def _edits(text: str, node: yaml.Node, value: Any) -> Iterator[Edit]:
    if isinstance(node, yaml.SequenceNode) and not node.flow_style and value:
        yield from _items(text, node, value)
    else:
        yield Edit(node.start_mark.index, ends_at(text, node), written(value))


def _items(text: str, node: yaml.SequenceNode, value: Sequence[Any]) -> Iterator[Edit]:
    """The list's items: those that differ, those that are gone, and those that are new."""
    wanted = {_name(each): each for each in value}
    for item in node.value:
        old = plain(item)
        new = wanted.pop(_name(old), None)
        if new is None:
            yield _line_out(text, item)
        elif new != old:
            yield Edit(item.start_mark.index, ends_at(text, item), written(new))
    last = node.value[-1]
    indent = " " * node.start_mark.column
    if wanted:
        after = "".join(f"\n{indent}- {written(each)}" for each in wanted.values())
        yield Edit(ends_at(text, last), ends_at(text, last), after)


def _name(item: Any) -> str:
    return str(item.get("name", "")) if isinstance(item, dict) else str(item)


def _line_out(text: str, item: yaml.Node) -> Edit:
    """An item with its dash, and the line that it ends."""
    start = text.rindex("-", 0, item.start_mark.index)
    start = text.rfind("\n", 0, start) + 1
    end = text.find("\n", ends_at(text, item))
    return Edit(start, len(text) if end < 0 else end + 1, "")


def ends_at(text: str, node: yaml.Node) -> int:
    """Where a node ends: a block's mark lies behind the comments that follow it."""
    end = node.end_mark.index
    lines = text[node.start_mark.index : end].splitlines(keepends=True)
    while len(lines) > 1 and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
        end -= len(lines.pop())
    block = "".join(lines)
    return end - (len(block) - len(block.rstrip()))


def written(value: Any) -> str:
    """Plain data as YAML on one line."""
    dumped = yaml.safe_dump(
        value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=_ONE_LINE
    )
    return str(dumped).removesuffix("\n").removesuffix("\n...")


def plain(node: yaml.Node) -> Any:
    """What a node says, as plain data."""
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_document(node)
    finally:
        loader.dispose()
