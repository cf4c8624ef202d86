"""Elements of a PMML document: their names without namespaces, and refusals that say where."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TypeAlias

from lxml import etree

from equipoise.errors import BadInput

Element: TypeAlias = etree._Element


def tag(element: Element) -> str:
    """The element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: Element, *names: str) -> Iterator[Element]:
    """Children of these names, in order."""
    return (each for each in element if tag(each) in names)


def child(element: Element, name: str) -> Element | None:
    """The first child of a name."""
    return next(children(element, name), None)


def needed(element: Element, name: str) -> Element:
    """The first child of a name. BadInput where there is none."""
    first = child(element, name)
    if first is None:
        raise BadInput(f"{place(element)} has no <{name}>")
    return first


def attribute_of(element: Element, name: str) -> str:
    """An attribute that must be there."""
    value = element.get(name)
    if value is None:
        raise BadInput(f"{place(element)} has no attribute '{name}'")
    return value


def number_of(element: Element, name: str, default: float | None = None) -> float:
    """A finite number of an attribute; `default` where it is left out, if there is one."""
    text = element.get(name)
    if text is None and default is not None:
        return default
    return number(attribute_of(element, name), element)


def number(text: str, element: Element) -> float:
    """A finite number as the document writes it."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or "_" in text:
        raise BadInput(f"{place(element)}: '{text[:40]}' is no number")
    return value


def place(element: Element) -> str:
    """Where an element stands, for a person."""
    return f"line {element.sourceline}: <{tag(element)}>"


def refusal(element: Element, what: str, mend: str = "") -> BadInput:
    """A refusal that names what is not read, and the line."""
    return BadInput(f"{place(element)}: {what} is not read", field=tag(element), mend=mend)
