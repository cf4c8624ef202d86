"""What holding groups alike would cost, from solved problems."""

from __future__ import annotations

from equipoise.report.blocks import Column, Section, Table, Text
from equipoise.report.story import Record
from equipoise.texts.numbers import count, in_order, percent, plain, span
from equipoise.texts.saying import marked, retold, say

TITLE = marked("The price of parity")


def parity(audit: Record) -> Section:
    """The goal given up to hold each group's share of offers near the others'."""
    priced = audit.get("parity")
    if not priced or not priced["rows"]:
        why = say("no balanced workspace was given: add --workspace DIR")
        return Section("parity", say(TITLE), say("Parity"), absent=why)
    label = say(str(priced["label"]))
    distances = sorted({each["within"] for each in priced["rows"]}, reverse=True)
    groups = dict.fromkeys((each["column"], each["group"]) for each in priced["rows"])
    at = {(each["column"], each["group"], each["within"]): each for each in priced["rows"]}
    rows = [
        [column, retold(group), *(_price(at.get((column, group, within))) for within in distances)]
        for column, group in sorted(groups, key=lambda pair: (pair[0], in_order(pair[1])))
    ]
    columns = (
        Column(say("Field")),
        Column(say("Group")),
        *(Column(say("within {distance}", distance=percent(within)), True) for within in distances),
    )
    text = say(
        "{goal} at best, on the workspace's {people} applicants at the "
        "recommended point of its frontier, less what is left at best when the "
        "group's share of offers must lie within a distance of everybody else's. "
        "The price lies between the two numbers: a certificate bounds it from both "
        "sides. No decision changes unless the appetite enforces parity.",
        goal=label,
        people=count(priced["people"]),
    )
    table = Table("parity-table", say("{goal} given up", goal=label), columns, rows)
    return Section("parity", say(TITLE), say("Parity"), [Text(text), table])


def _price(row: Record | None) -> str:
    if row is None:
        return "–"
    if row["given_up"] is None:
        return say("cannot be held")
    if row["given_up"] == 0 and row["multiplier"] == 0:
        return say("nothing: held already")
    return span(plain(row["given_up_low"]), plain(row["given_up_high"]))
