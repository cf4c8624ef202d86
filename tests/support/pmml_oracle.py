"""A slow reading of PMML by the letter of its specification, to test the compiled one against.

It walks the XML for each record, with unknown as None, and shares no code with the readers.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

Record = dict[str, Any]


def scorecard_points(xml: str, record: Record) -> float | None:
    """Initial score and partial scores; None where a characteristic has no true attribute."""
    card = _one(etree.fromstring(xml.encode()), "Scorecard")
    total = float(card.get("initialScore", "0"))
    for characteristic in card.iter("{*}Characteristic"):
        for attribute in characteristic.iter("{*}Attribute"):
            if holds(_predicate(attribute), record) is True:
                total += float(attribute.get("partialScore"))
                break
        else:
            return None
    return total


def tree_score(model: Any, record: Record) -> str | None:
    """The `score` of the node where a tree's walk ends."""
    node = _one(model, "Node")
    if holds(_predicate(node), record) is not True:
        return None
    while True:
        below = [each for each in node if _name(each) == "Node"]
        if not below:
            return node.get("score")
        step = _step(model, node, below, record)
        if step is None or step is node:
            return None if step is None else node.get("score")
        node = step


def _step(model: Any, node: Any, below: list[Any], record: Record) -> Any:
    strategy = model.get("missingValueStrategy", "none")
    for each in below:
        answer = holds(_predicate(each), record)
        if answer is True:
            return each
        if answer is None and strategy != "none":
            if strategy == "defaultChild":
                return next((b for b in below if b.get("id") == node.get("defaultChild")), None)
            return node if strategy == "lastPrediction" else None
    last = model.get("noTrueChildStrategy", "returnNullPrediction") == "returnLastPrediction"
    return node if last else None


def holds(predicate: Any, record: Record) -> bool | None:
    """True, False or None for unknown."""
    name = _name(predicate)
    if name in {"True", "False"}:
        return name == "True"
    if name == "CompoundPredicate":
        return _compound(predicate, record)
    value = record.get(predicate.get("field"))
    operator = predicate.get("operator") or predicate.get("booleanOperator")
    if operator in {"isMissing", "isNotMissing"}:
        return (value is None) == (operator == "isMissing")
    if value is None:
        return None
    if name == "SimpleSetPredicate":
        words = _one(predicate, "Array").text.split()
        members = [type(value)(word.strip('"')) for word in words]
        return (value in members) == (operator == "isIn")
    constant = type(value)(predicate.get("value"))
    return {
        "equal": value == constant,
        "notEqual": value != constant,
        "lessThan": value < constant,
        "lessOrEqual": value <= constant,
        "greaterThan": value > constant,
        "greaterOrEqual": value >= constant,
    }[operator]


def _compound(predicate: Any, record: Record) -> bool | None:
    answers = [holds(each, record) for each in predicate]
    operator = predicate.get("booleanOperator")
    if operator == "xor":
        return None if None in answers else sum(map(bool, answers)) % 2 == 1
    wanted = operator == "or"
    if wanted in answers:
        return wanted
    return None if None in answers else not wanted


def _predicate(element: Any) -> Any:
    kinds = {"True", "False", "SimplePredicate", "SimpleSetPredicate", "CompoundPredicate"}
    return next(each for each in element if _name(each) in kinds)


def _one(element: Any, name: str) -> Any:
    return element if _name(element) == name else next(element.iter("{*}" + name))


def _name(element: Any) -> str:
    return str(etree.QName(element).localname)
