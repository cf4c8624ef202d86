"""Which numbers a measured book has, and what was measured for each."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.portfolio.numbers.number import Number
from equipoise.portfolio.numbers.of_book import Measured

Figures = dict[str, float]
LATE_DAYS = {"30": "late30_share", "90": "late90_share"}


def figures_of(measured: Measured) -> dict[Number, Figures]:
    """Every number that a query gives, with what was measured for it by the query's own names."""
    return dict(_all(measured))


def _all(of: Measured) -> Iterator[tuple[Number, Figures]]:
    summary = of["summary"]
    if of["faults"]:
        told = sum(each["count"] for each in of["faults"])
        yield Number("faults"), {"faults": len(of["faults"]), "rows_told": told}
    yield from _moving(of)
    if not summary["open_loans"]:
        return
    owed = {"exposure": summary["exposure"]} if summary["has_balance"] else {}
    yield Number("open"), {"loans": summary["open_loans"], **owed}
    for days, name in LATE_DAYS.items():
        yield Number("late", days), {"share": summary[name]}
    if of["losses"] is not None:
        yield from _losing(of)
    if summary["has_balance"]:
        yield from _gathering(of)
    if of["interest"] is not None:
        yield from _repricing(of["interest"])


def _moving(of: Measured) -> Iterator[tuple[Number, Figures]]:
    for row in of["vintages"]:
        for month, rate in enumerate(row["rate"]):
            if rate is not None:
                figures = {"rate": rate, "loans": row["loans"]}
                yield Number("vintage", row["vintage"], str(month)), figures
        loans = row["loans"] + row["entered_late"]
        yield Number("ever_bad", row["vintage"]), {"rate": row["ever_bad"] / loans, "loans": loans}
    states = [each["state"] for each in of["buckets"]]
    for state, rate in zip(states, of["roll_mean"], strict=False):
        if rate is not None:
            yield Number("roll", state), {"rate": rate}
    if of["moves"] is not None:
        yield from _moves(of)


def _moves(of: Measured) -> Iterator[tuple[Number, Figures]]:
    moves = of["moves"]
    for one, counts in enumerate(moves["counts"]):
        for two, moved in enumerate(counts):
            if sum(counts):
                chance = moves["chance"][one][two]
                figures = {"chance": chance, "moved": moved, "seen": sum(counts)}
                yield Number("move", moves["states"][one], moves["states"][two]), figures


def _losing(of: Measured) -> Iterator[tuple[Number, Figures]]:
    losses, summary = of["losses"], of["summary"]
    for row in losses["stages"]:
        figures = {name: row[name] for name in ("loans", "exposure", "allowance")}
        yield Number("stage", str(row["stage"])), figures
    yield (
        Number("allowance"),
        {
            "loans": summary["open_loans"],
            "exposure": summary["exposure"],
            "allowance": losses["allowance"],
        },
    )
    yield Number("lifetime"), {"lifetime": losses["lifetime"]}
    for approach in ("irb", "standardised") if of["capital"] else ():
        assets = of["capital"][approach]
        figures = {"assets": assets, "capital": assets * of["capital"]["ratio"]}
        yield Number("capital", approach), figures
    for row in of["grades"]["rows"] if of["grades"] else ():
        yield Number("grade", row["grade"]), {name: row[name] for name in ("loans", "exposure")}


def _gathering(of: Measured) -> Iterator[tuple[Number, Figures]]:
    for row in of["concentration"]:
        yield (
            Number("concentration", row["by"]),
            {name: row[name] for name in ("names", "hhi", "top10")},
        )
        for name, owed in row["largest"]:
            yield Number("largest", row["by"], name), {"exposure": owed}
    for row in of["limits"]:
        figures = {"exposure": row["exposure"], "at_most": row["limit"], "used": row["use"]}
        if row["forecast"] and row["forecast"][-1] is not None:
            figures["ahead"] = row["forecast"][-1]
        yield Number("limit", row["name"], row["of"]), figures
        if row["shadow_price"] is not None:
            yield Number("price", row["name"], row["of"]), {"price": row["shadow_price"]}


def _repricing(interest: Measured) -> Iterator[tuple[Number, Figures]]:
    for place, row in enumerate(interest["gap"]):
        figures = {"of_loans": row["assets"], "of_funding": row["liabilities"]}
        yield Number("gap", str(place)), figures | {"gap": row["gap"], "so_far": row["cumulative"]}
    taken_off = 0.01 * interest["modified"] - 0.00005 * interest["convexity"]
    worth = {name: interest[name] for name in ("value", "duration")}
    yield Number("worth"), worth | {"taken_off": taken_off}
    for way in ("up", "down"):
        yield Number("income", way), {"change": interest[f"income_{way}"]}
    for name, change in interest["values"].items():
        yield Number("shock", name), {"change": change}
    yield Number("prepaid"), {"a_year": interest["prepayment_seen"]}
    yield Number("left_out"), {"loans": interest["left_out"]}
