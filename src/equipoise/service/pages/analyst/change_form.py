"""A change of law or policy as a form, and as a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from equipoise.service.pages.analyst.levels import level_text
from equipoise.texts.numbers import FEW, count, percent, plain, real
from equipoise.texts.saying import joined, marked, retold, say
from equipoise.value.measures import MEASURES, label_of

KINDS = {
    "price_cap": marked("a cap on price"),
    "refusal": marked("nobody may be lent to where"),
    "required_check": marked("a check is required"),
    "limit": marked("a limit on all that is lent"),
    "book": marked("nothing of new loans: only how loans already made are measured"),
}
_CELL = 300


def measures() -> list[tuple[str, str]]:
    """What a limit may be of."""
    return [(name, retold(label_of(name))) for name in MEASURES]


def change_of(sent: QueryDict) -> dict[str, Any]:
    """The change as the form says it, to be checked."""

    def cell(name: str) -> str:
        return sent.get(name, "")[:_CELL].strip()

    kind, where = cell("kind"), cell("where") or None
    rules: dict[str, dict[str, Any]] = {
        "price_cap": {"at_most": _share(cell("cap")), "where": where},
        "refusal": {"when": cell("where")},
        "required_check": {"check": cell("check"), "where": where},
        "limit": {"limit": _limit(cell, where)},
    }
    rule = None if kind == "book" else {"kind": kind, **rules.get(kind, {})}
    book = [each[:_CELL] for each in sent.getlist("book")]
    change = {"name": cell("name"), "on": cell("on"), "source": cell("source")}
    return {**change, "rule": rule, "book": book}


def _limit(cell: Any, where: str | None) -> dict[str, Any]:
    side = "at_least" if cell("side") == "at_least" else "at_most"
    limit = {"name": cell("name"), "measure": cell("measure"), side: _number(cell("level"))}
    return limit | {
        name: value for name, value in (("per", cell("per")), ("where", where)) if value
    }


def sentence(change: Mapping[str, Any]) -> str:
    """What a change says, in words."""
    rule = change.get("rule")
    if rule is None:
        packs = joined(change["book"], ", ")
        return say("Loans already made are measured by {packs}.", packs=packs)
    where = rule.get("where") or say("everybody")
    if rule["kind"] == "price_cap":
        return say(
            "No loan above {apr} a year, for {whom}.", apr=percent(rule["at_most"]), whom=where
        )
    if rule["kind"] == "refusal":
        return say("No loan where {condition}.", condition=rule["when"])
    if rule["kind"] == "required_check":
        return say(
            "No loan without the check {check}, for {whom}.", check=rule["check"], whom=where
        )
    limit = rule["limit"]
    name = retold(label_of(limit["measure"]))
    if limit.get("per"):
        name = say("{measure} per {other}", measure=name, other=retold(label_of(limit["per"])))
    of = limit.get("where") or say("everybody")
    if limit.get("at_least") is not None:
        return say("{measure} at least {level}, of {whom}.", measure=name,
                   level=plain(limit["at_least"]), whom=of)  # fmt: skip
    return say("{measure} at most {level}, of {whom}.", measure=name,
               level=plain(limit["at_most"]), whom=of)  # fmt: skip


def shut_out(effect: Mapping[str, Any], field: str) -> list[tuple[str, str, str]]:
    """Levels of a field, people, and how many of them are shut out; of few people only how many."""
    rows = []
    for each in effect["segments"]:
        if each["field"] == field:
            n, k = each["people"], each["barred"]
            people = (
                say("too few to tell apart")
                if n < FEW
                else (f"{percent(k / n)} ({count(k)}/{count(n)})")
            )
            rows.append((level_text(each["level"]), count(n), people))
    return rows


def _number(text: str) -> float | str:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return text


def _share(text: str) -> float | str:
    """A share typed in per cent."""
    number = _number(text.rstrip("% "))
    value = real(number)
    return text if value is None else value / 100
