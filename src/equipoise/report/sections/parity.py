"""What holding groups alike would cost, from solved problems."""

from __future__ import annotations

from equipoise.report.blocks import Column, Section, Table, Text
from equipoise.report.story import Record
from equipoise.texts.numbers import count, in_order, percent, plain

TITLE = "The price of parity"


def parity(told: Record) -> Section:
    """The goal given up to hold each group's share of offers near the others'."""
    found = told.get("parity")
    if not found or not found["rows"]:
        why = "no balanced workspace was given: add --workspace DIR"
        return Section("parity", TITLE, "Parity", absent=why)
    label = str(found["label"])
    distances = sorted({each["within"] for each in found["rows"]}, reverse=True)
    groups = dict.fromkeys((each["column"], each["group"]) for each in found["rows"])
    at = {(each["column"], each["group"], each["within"]): each for each in found["rows"]}
    rows = [
        [column, group, *(_price(at.get((column, group, within))) for within in distances)]
        for column, group in sorted(groups, key=lambda pair: (pair[0], in_order(pair[1])))
    ]
    columns = (
        Column("Field"),
        Column("Group"),
        *(Column(f"within {percent(within)}", True) for within in distances),
    )
    text = (
        f"{label} at best, on the workspace's {count(found['people'])} applicants at the "
        "recommended point of its frontier, less what is left at best when the group's share of "
        "offers must lie within a distance of everybody else's. The price lies between the two "
        "numbers: a certificate bounds it from both sides. No decision changes unless the appetite "
        "enforces parity."
    )
    table = Table("parity-table", f"{label} given up", columns, rows)
    return Section("parity", TITLE, "Parity", [Text(text), table])


def _price(row: Record | None) -> str:
    if row is None:
        return "–"
    if row["given_up"] is None:
        return "cannot be held"
    if row["given_up"] == 0 and row["multiplier"] == 0:
        return "nothing: held already"
    return f"{plain(row['given_up_low'])} to {plain(row['given_up_high'])}"
