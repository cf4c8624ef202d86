"""An application as a strategy's contract describes it: its JSON Schema, and one that works."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from io import StringIO
from math import sqrt
from typing import TYPE_CHECKING, Any

from equipoise.contract import today
from equipoise.risk.characteristic import Numeric
from equipoise.service.contexts.applications import CHECKS

if TYPE_CHECKING:
    from equipoise.contract import Contract
    from equipoise.strategy import Strategy

_JSON = {"number": "number", "integer": "integer", "string": "string", "boolean": "boolean"}
_NOT_SENT = ("ignore", "target", "outcome", "audit", "weight")


def example_application(strategy: Strategy) -> dict[str, Any]:
    """Facts that the strategy takes, in the middle of what its contract expects."""
    contract = strategy.content.contract
    wanted = {*strategy.compiled.program.inputs, contract.id}
    typical = _typical(strategy)
    facts: dict[str, Any] = {}
    for field in contract.fields:
        if field.name in wanted:
            given = _example(field, typical, is_id=field.name == contract.id)
            facts[field.name] = today(contract).isoformat() if field.type == "date" else given
    return facts


def example_files(strategy: Strategy) -> dict[str, str]:
    """The example as a file of one application, by the kinds of file that are text."""
    given = example_application(strategy)
    text = StringIO()
    writer = csv.DictWriter(text, list(given), lineterminator="\n")
    writer.writeheader()
    writer.writerow(given)
    return {"text/csv": text.getvalue(), "application/x-ndjson": json.dumps(given) + "\n"}


def application_schema(contract: Contract, later: frozenset[str]) -> dict[str, Any]:
    """The JSON Schema of an application under the contract; what comes `later` is not required."""
    properties = {
        field.name: _property(field, contract.languages[0])
        for field in contract.fields
        if field.use not in _NOT_SENT
    }
    refused = [f.name for f in contract.fields if f.missing == "refuse" and f.name in properties]
    needed = [name for name in refused if name not in later]
    checks = {
        "type": "object",
        "description": "Results of checks that are in, by the check's name; with it, be it empty, "
        "the next check is asked for, and without it an offer comes with its `conditions`. In "
        "flight those sent before stand.",
        "additionalProperties": {"enum": ["passed", "stopped"]},
    }
    return {
        "type": "object",
        "description": f"An application under contract {contract.name} v{contract.version}. "
        "While it is in flight, its identifier and what is new are enough.",
        "properties": {**properties, CHECKS: checks},
        "required": needed,
    }


def _example(field: Any, typical: Mapping[str, float], *, is_id: bool) -> Any:
    if is_id:
        return "A-1001" if field.type == "string" else 1001
    if field.type == "boolean":
        return False
    if field.values:
        return field.values[0]
    if field.type == "string":
        return "other"
    value = typical.get(field.name, _middle(field))
    return round(value) if field.type == "integer" or abs(value) >= 100 else round(value, 3)


def _typical(strategy: Strategy) -> dict[str, float]:
    """The middle edge of each of the card's numeric characteristics; nothing for trees."""
    example = {}
    for each in getattr(strategy.compiled.model, "characteristics", ()):
        if isinstance(each, Numeric) and each.edges:
            example[each.name] = each.edges[len(each.edges) // 2]
    return example


def _middle(field: Any) -> float:
    """A number within the field's range; of a wide one the middle by ratio."""
    low, high = field.range or (None, None)
    if low is None:
        return 1.0 if high is None else min(1.0, float(high))
    if high is None:
        return max(float(low) * 2, 3000.0)
    if high <= 1 or low < 0:
        return float(low) + 0.4 * (float(high) - float(low))
    return max(float(low), sqrt(max(float(low), 1.0) * float(high)))


def _property(field: Any, language: str) -> dict[str, Any]:
    kind: dict[str, Any] = (
        {"type": "string", "format": "date"}
        if field.type == "date"
        else {"type": _JSON[field.type]}
    )
    if field.type == "integer":
        kind = {"type": "number", "multipleOf": 1}
    unit = f" ({field.unit})" if field.unit else ""
    title = field.help.get(language) or field.label.get(language) or field.name
    shape: dict[str, Any] = {"anyOf": [kind, {"type": "null"}], "description": f"{title}{unit}"}
    if field.values:
        shape["examples"] = list(field.values)[:5]
    return shape
