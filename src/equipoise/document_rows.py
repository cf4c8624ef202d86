"""Rows of a lender's YAML document: items of a list, or keys of a mapping, added, moved, changed
and taken out. A row takes the comments above it along; one that says the same stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from equipoise.document_sections import Edit, ends_at, plain, written

Path = tuple[str, ...]
_Entry = tuple[yaml.Node | None, yaml.Node]  # its key, in a mapping; what it holds


@dataclass(frozen=True, slots=True)
class Row:
    """A row: `of` is its place in the document as it stands, from 0; None for a new one. `value` is
    the item, or the key together with what it holds."""

    value: Any
    of: int | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where rows stand: the key above them, and whether something around them is on one line."""

    key: yaml.Node
    node: yaml.Node
    within_line: bool

    @property
    def entries(self) -> list[_Entry]:
        if isinstance(self.node, yaml.MappingNode):
            return list(self.node.value)
        if isinstance(self.node, yaml.SequenceNode):
            return [(None, each) for each in self.node.value]
        return []


def rows_at(text: str, path: Path) -> list[Any] | None:
    """The rows at `path`: items, or pairs of key and value; None where nothing stands there.

    `text` is YAML of a mapping that holds no alias.
    """
    place = _place(text, path)
    return None if place is None else [_value(each) for each in place.entries]


def with_rows(text: str, path: Path, rows: Sequence[Row], *, keyed: bool = False) -> str:
    """The document with these rows at `path`, in this order; `keyed` where they are pairs.

    Where nothing stands at a path of one key it is added at the end. Raises KeyError for a longer
    path of which nothing stands.
    """
    place = _place(text, path)
    if place is None:
        if len(path) > 1:
            raise KeyError(".".join(path))
        line_end = "" if not text or text.endswith("\n") else "\n"
        return f"{text}{line_end}{path[0]}:{_lines(rows, 2, keyed)}\n" if rows else text
    if [_value(each) for each in place.entries] == [each.value for each in rows]:
        return text
    start, end = place.key.end_mark.index, ends_at(text, place.node)
    colon = text.index(":", start) + 1
    if place.within_line or not rows:
        whole = _collected(rows, keyed)
        return f"{text[:colon]} {written(whole)}{text[end:]}"
    if _on_one_line(place.node):
        indent = place.key.start_mark.column + 2
        return f"{text[:colon]}{_lines(rows, indent, keyed)}{text[end:]}"
    return _in_block(text, place, rows, keyed)


def _place(text: str, path: Path) -> _Place | None:
    node: yaml.Node | None = yaml.compose(text, Loader=yaml.CSafeLoader)
    key: yaml.Node | None = None
    within_line = False
    for name in path:
        if not isinstance(node, yaml.MappingNode):
            return None
        within_line = within_line or bool(node.flow_style)
        key, node = next(((k, v) for k, v in node.value if k.value == name), (None, None))
    if key is None or node is None or not isinstance(node, yaml.CollectionNode):
        return None
    return _Place(key, node, within_line)


def _in_block(text: str, place: _Place, rows: Sequence[Row], keyed: bool) -> str:
    """Rows that stand on lines of their own: each with what stands above it."""
    chunks = _chunks(text, place)
    first, last = chunks[0][0], chunks[-1][1]
    column = place.node.start_mark.column
    shown = []
    for row in rows:
        if row.of is None or not 0 <= row.of < len(chunks):
            shown.append(_line(row.value, column, keyed))
        else:
            shown.append(_changed(text, chunks[row.of], place.entries[row.of], row.value))
    return text[:first] + "\n".join(shown) + text[last:]


def _chunks(text: str, place: _Place) -> list[tuple[int, int]]:
    """From where to where each row stands: from the line after the one before, to its own end."""
    made = []
    start = _line_end(text, place.key.end_mark.index) + 1
    for _, value in place.entries:
        end = _line_end(text, ends_at(text, value))
        made.append((start, end))
        start = end + 1
    return made


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _changed(text: str, chunk_at: tuple[int, int], entry: _Entry, value: Any) -> str:
    """A row's own lines, with another value where it has one."""
    start, end = chunk_at
    if _value(entry) == value:
        return text[start:end]
    key, node = entry
    edits: list[Edit] = []
    if key is not None:
        name, value = value
        if key.value != name:
            edits.append(Edit(key.start_mark.index, key.end_mark.index, written(name)))
    edits += _edits(text, node, value)
    chunk = text[start:end]
    for edit in sorted(edits, key=lambda each: each.start, reverse=True):
        chunk = chunk[: edit.start - start] + edit.text + chunk[edit.end - start :]
    return chunk


def _edits(text: str, node: yaml.Node, value: Any) -> Iterator[Edit]:
    """What differs within a row: of a mapping on several lines only the keys that do."""
    by_line = isinstance(node, yaml.MappingNode) and not node.flow_style
    if by_line and isinstance(value, dict) and value.keys() >= {k.value for k, _ in node.value}:
        left = dict(value)
        for key, part in node.value:
            new = left.pop(key.value)
            if plain(part) != new:
                after = text.index(":", key.end_mark.index) + 1
                yield Edit(after, ends_at(text, part), f" {written(new)}")
        indent, end = " " * node.start_mark.column, ends_at(text, node)
        added = "".join(f"\n{indent}{written(k)}: {written(v)}" for k, v in left.items())
        yield Edit(end, end, added)
    elif plain(node) != value:
        yield Edit(node.start_mark.index, ends_at(text, node), written(value))


def _on_one_line(node: yaml.Node) -> bool:
    return isinstance(node, yaml.CollectionNode) and (bool(node.flow_style) or not node.value)


def _value(entry: _Entry) -> Any:
    key, node = entry
    return plain(node) if key is None else (key.value, plain(node))


def _collected(rows: Sequence[Row], keyed: bool) -> Any:
    return dict(each.value for each in rows) if keyed else [each.value for each in rows]


def _lines(rows: Sequence[Row], column: int, keyed: bool) -> str:
    return "".join(f"\n{_line(each.value, column, keyed)}" for each in rows)


def _line(value: Any, column: int, keyed: bool) -> str:
    indent = " " * column
    if keyed:
        return f"{indent}{written(value[0])}: {written(value[1])}"
    return f"{indent}- {written(value)}"
