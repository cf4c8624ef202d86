"""A change of law or policy that was tried: who breaks it, who is shut out, what it costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.cli import printing, show_portfolio
from equipoise.texts.numbers import FEW, percent
from equipoise.value.measures import TABLE
from equipoise.workspace.policy_tries import Tried


def tried(result: Tried, per_day: float | None, *, as_json: bool) -> None:
    """Print it. Raises Infeasible, once all else is told, where nothing meets the appetite."""
    if as_json:
        printing.document(result.as_dict())
    else:
        _printed(result, per_day)
    if result.fault is not None:
        raise result.fault


def _printed(result: Tried, per_day: float | None) -> None:
    change = result.change
    if change.rule is None:
        printing.line(f"{change.name}: holds for loans already made from {change.on} on.")
        show_portfolio.moved(result.effect["book"])
        printing.line(f"Kept in {result.folder}.")
        return
    printing.line(f"{change.name}: holds for applications from {change.on} on.")
    held = result.effect["held"]
    rows = [[each["strategy"], *_stands(each)] for each in held]
    columns = ("strategy", "breaks it", "of its offers", "amount", "profit", "expected loss")
    printing.table("Strategies held against it", columns, rows)
    for each in held:
        parts = [f"{part['treatment']}: {part['broken']} of {part['offered']} offers"
                 for part in each.get("parts", ())]  # fmt: skip
        printing.notes(f"What of {each['strategy']} breaks it", parts)
        if per_day and each.get("people"):
            month = per_day * 30 * each["broken"] / each["people"]
            printing.line(f"At {per_day:g} applications a day that is {month:,.0f} offers a month.")
    if book := result.effect.get("book"):
        show_portfolio.moved(book)
    people, barred = result.effect["people"], result.effect["barred"]
    printing.line(
        f"Of {people:,} applicants {barred:,} would have no lawful loan left that had one."
    )
    if result.own is not None and result.other is not None:
        own, other = (each.recommended.same_risk.measures for each in (result.own, result.other))
        rows = [[row.label, printing.figure(own[name]), printing.figure(other[name])]
                for name, row in TABLE.items() if name in own and name in other]  # fmt: skip
        printing.table("The recommended move", ("", "before", "after"), rows)
    printing.line(f"Kept in {result.folder}; affected.parquet has those who lose their offer.")


def _stands(each: Mapping[str, Any]) -> list[str]:
    if "fault" in each:
        return ["cannot be told", each["fault"], "", "", ""]
    if each["used"] is not None:
        sentence = f"comes to {each['used']:,.6g}, where {each['level']:,.6g} is set"
        return ["yes" if each["breaks"] else "no", sentence, "", "", ""]
    share = f" ({percent(each['share'])})" if each["offered"] >= FEW else ""
    money = [printing.figure(each["money"][name]) for name in ("amount", "profit", "expected_loss")]
    sentence = f"{each['broken']:,} of {each['offered']:,}{share}"
    return ["yes" if each["breaks"] else "no", sentence, *money]
