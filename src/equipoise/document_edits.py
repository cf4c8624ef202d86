"""Changing one part of a lender's YAML document in place: every other byte, comments too, stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from equipoise.documents import MAX_DOCUMENT_BYTES, Key
from equipoise.errors import BadInput

Path = tuple[Key, ...]


def with_part(text: str, path: Path, part: Mapping[str, Any], comment: str = "") -> str:
    """The text with `part`, a mapping of plain values, standing at `path`, on one line.

    `path` are keys, and for a list places in it. What stood there goes, with comments inside it;
    `comment` is put on the line above. A part that is not written yet is added at the end of the
    mapping it belongs in. Raises BadInput where the text is no YAML or what `path` goes through is
    not in it.
    """
    if len(text.encode()) > MAX_DOCUMENT_BYTES:
        raise BadInput("the document is larger than 5 MB")
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise BadInput(f"not valid YAML: {error}") from None
    *way, last = path
    around = _at(root, tuple(way))
    if not isinstance(around, yaml.MappingNode):
        raise BadInput(f"'{_dotted(path)}' stands in no mapping", field=_dotted(path))
    written = _flow(part)
    for key, value in around.value:
        if key.value == last:
            return _exchanged(text, around, (key, value), written, comment)
    return _added(text, around, str(last), written, comment)


def part_at(text: str, path: Path) -> Any:
    """The plain data at `path`; None where it is not written. Raises BadInput for no YAML."""
    try:
        data: Any = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise BadInput(f"not valid YAML: {error}") from None
    for key in path:
        try:
            data = data[key]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def _at(node: yaml.Node | None, path: Path) -> yaml.Node:
    for key in path:
        child = None
        if isinstance(node, yaml.MappingNode):
            child = next((value for name, value in node.value if name.value == key), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int):
            child = node.value[key] if 0 <= key < len(node.value) else None
        if child is None:
            raise BadInput(f"'{_dotted(path)}' is not in the document", field=_dotted(path))
        node = child
    if node is None:
        raise BadInput("the document is empty")
    return node


def _exchanged(
    text: str,
    around: yaml.MappingNode,
    entry: tuple[yaml.Node, yaml.Node],
    written: str,
    comment: str,
) -> str:
    key, value = entry
    # a block mapping's end mark lies where the next entry begins: comments between stay
    end = _end(value)
    head, tail = text[: key.end_mark.index], text[end:]
    colon = text[key.end_mark.index : value.start_mark.index].split(":", maxsplit=1)[0]
    changed = f"{head}{colon}: {written}{tail}"
    return changed if around.flow_style else _above(changed, key, comment)


def _end(node: yaml.Node) -> int:
    """Where a node's own text ends: the last of its scalars or closing brackets."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def _added(text: str, around: yaml.MappingNode, name: str, written: str, comment: str) -> str:
    if around.flow_style:
        end = around.end_mark.index - 1
        before = ", " if around.value else ""
        return f"{text[:end].rstrip()}{before}{name}: {written}{text[end:]}"
    end, first = _end(around), around.value[0][0]
    indent = " " * first.start_mark.column
    line = text.find("\n", end)
    end = len(text) if line < 0 else line
    above = f"\n{indent}# {comment}" if comment else ""
    return f"{text[:end]}{above}\n{indent}{name}: {written}{text[end:]}"


def _above(text: str, key: yaml.Node, comment: str) -> str:
    if not comment:
        return text
    start = text.rfind("\n", 0, key.start_mark.index) + 1
    if text[start : key.start_mark.index].strip():
        return text  # the first key of a list's entry shares its line with the dash
    indent = " " * key.start_mark.column
    return f"{text[:start]}{indent}# {comment}\n{text[start:]}"


def _flow(part: Mapping[str, Any]) -> str:
    text: str = yaml.safe_dump(
        dict(part), default_flow_style=True, sort_keys=False, allow_unicode=True, width=float("inf")
    )
    return text.strip()


def _dotted(path: Path) -> str:
    return ".".join(str(key) for key in path)
