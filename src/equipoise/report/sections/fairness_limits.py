"""What an audit measured and how, what it left out, and what its figures cannot say."""

from __future__ import annotations

from equipoise.report.blocks import Block, Callout, Column, Section, Table, Text
from equipoise.report.sections.fairness import tolerance
from equipoise.report.story import Record
from equipoise.texts.numbers import plain
from equipoise.texts.saying import joined, retold, say


def limits(audit: Record) -> Section:
    """What was measured and how, what was left out, and what the figures cannot say."""
    rows = [
        [
            retold(m["name"]),
            _among(m["among"]) + (say(", of like risk") if m["given_risk"] else ""),
            tolerance(m),
            m["source"],
        ]
        for m in audit["measures"]
    ]
    columns = (
        Column(say("Measure")),
        Column(say("Among")),
        Column(say("Passes")),
        Column(say("Tolerance from")),
    )
    blocks: list[Block] = [Table("measures-table", say("What was measured"), columns, rows)]
    cut = [
        say("{name} at {edges}", name=name, edges=joined(map(plain, edges), ", "))
        for name, edges in _bands(audit)
    ]
    if cut:
        blocks.append(Text(say("Numbers are cut into bands: {cut}.", cut=joined(cut, "; "))))
    if audit["left_out"]:
        said = joined(
            (
                say("{name}: {what}", name=retold(name), what=why)
                for name, why in audit["left_out"].items()
            ),
            "; ",
        )
        blocks.append(Callout("warn", say("Left out."), said))
    blocks += [Text(str(note)) for note in audit["notes"]]
    blocks.append(Text(say("Nothing in this audit changes a decision.")))
    return Section(
        "limits", say("What was measured, and what it cannot say"), say("Limits"), blocks
    )


def _among(who: str) -> str:
    return {
        "approved": say("those offered a loan"),
        "not_approved": say("those not offered one"),
        "repaid": say("those seen to repay"),
        "observed": say("those whose outcome is known"),
    }.get(who, retold(who))


def _bands(audit: Record) -> list[tuple[str, list[float]]]:
    return list((audit.get("bands") or {}).items())
