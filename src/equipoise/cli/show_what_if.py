"""A balance under other inputs beside the workspace's own."""

from __future__ import annotations

from equipoise.balance.result_document import Champion, Move
from equipoise.cli import printing
from equipoise.value.measures import TABLE
from equipoise.workspace.what_if import WhatIf


def compared(asked: WhatIf, *, as_json: bool) -> None:
    """Today and the recommended move, as they are and as they would be."""
    own, other = asked.own, asked.other
    if as_json:
        printing.document(other.as_dict())
        return
    changes = [
        f"{name} from {_said(change.was)} to {change.to:g}"
        for name, change in (other.set or {}).items()
    ]
    places: dict[str, Champion | Move] = {
        "today": own.champion,
        "today, what if": other.champion,
        "recommended": own.recommended.same_risk,
        "recommended, what if": other.recommended.same_risk,
    }
    rows = [
        [row.label, *(printing.figure(place.measures[name]) for place in places.values())]
        for name, row in TABLE.items()
        if name in own.champion.measures
    ]
    printing.table(f"What if: {', '.join(changes)}", ("", *places), rows)
    certificate = other.certificate
    printing.line(
        f"The move under it: gap {certificate.gap:.2g}, violation {certificate.violation:.2g}."
    )
    printing.line(f"Kept in {asked.folder}; the workspace's own balance is as it was.")
    printing.notes("Warnings", other.warnings)


def _said(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"
