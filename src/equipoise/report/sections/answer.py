"""Section 1: the answer in one screen, with what it rests on; what does not survive comes first."""

from __future__ import annotations

from equipoise.report.basis import grounds
from equipoise.report.blocks import (
    Block,
    Columns,
    Fact,
    Facts,
    Grounds,
    Section,
    Text,
)
from equipoise.report.measures import GLOSSARY
from equipoise.report.sections.compared_levels import compared_levels
from equipoise.report.sections.doubts import doubts
from equipoise.report.story import Record, Story, complete, record
from equipoise.report.wording import RULE, growth, shown, sign
from equipoise.texts.numbers import count, percent, real, signed

TITLE = "The answer"
GROWING = (
    ("exposure", "amount lent"),
    ("capital", "regulatory capital"),
    ("approvals", "applicants offered a loan"),
)


def answer(story: Story) -> Section:
    chosen, champion = story.chosen, story.champion
    if not complete([chosen], "x", "y") or not complete([champion], "x", "y"):
        why = "today's place and a recommended place are needed, and the balance gives neither both"
        return Section("answer", TITLE, "Answer", absent=why)
    blocks: list[Block] = [*doubts(story), Text(headline(story)), Facts(facts(story))]
    table, rests = compared_levels(story), grounds(story)
    left: list[Block] = [table] if table.rows else []
    if rests:
        right: list[Block] = [Grounds("What this rests on", rests)]
        blocks.append(Columns(left, right) if left else right[0])
    else:
        blocks += left
    blocks.append(Text(f"{RULE} {GLOSSARY}{_currency(story)}", small=True))
    return Section("answer", TITLE, "Answer", blocks)


def headline(story: Story) -> str:
    """Where today stands, where the move leads, and what grows with it."""
    x, y = story.x, story.y
    here, there = story.champion, story.chosen
    people = count(story.balance.get("applicants"))
    risk = shown(story, here["x"], there["x"], x.unit)
    up = shown(story, here["y"], there["y"], y.unit)
    counted = y.unit.startswith("per ")
    reached = (
        f"{up.after} {y.label.lower()} {y.unit}" if counted else f"{y.label.lower()} {up.after}"
    )
    article = "an" if x.label[:1].lower() in "aeiou" else "a"
    return (
        f"Over {people} applications the recommended policy reaches {reached} where today's "
        f"reaches {up.before}, at {article} {x.label.lower()} of {risk.after} where today's is "
        f"{risk.before}.{_growth(story)}"
    )


def _growth(story: Story) -> str:
    parts = [f"{label} {found}" for name, label in GROWING if (found := growth(story, name))]
    said = ", ".join(parts)
    return f" {said[:1].upper()}{said[1:]}." if parts else ""


def _currency(story: Story) -> str:
    if story.currency or not record(story.champion, "measures"):
        return ""
    return " Amounts are in currency units: the contract names no currency."


def facts(story: Story) -> list[Fact]:
    """Experience, risk and profit under both policies, and what is left of the gain."""
    x, y = story.x, story.y
    before, after = story.champion, story.chosen
    counted = y.unit.startswith("per ")
    served = f"{y.label.lower()} {y.unit}" if counted else y.label.lower()
    more = _people(story)
    served += f"; {more} in all" if more else ""
    up, risk = (shown(story, before[k], after[k], axis.unit) for k, axis in (("y", y), ("x", x)))
    return [
        Fact("Experience, today → recommended", f"{up.before} → {up.after}", served),
        Fact(
            "Risk, today → recommended",
            f"{risk.before} → {risk.after}",
            f"{x.label.lower()}; {risk.change}",
        ),
        *_profit(story),
        _survival(story),
    ]


def _people(story: Story) -> str:
    """The change in good customers as people."""
    name = "good_customers_served"
    before, after = story.level(name, story.champion), story.level(name, story.chosen)
    if before is None or after is None or story.y.name.split("_per_")[0] != name:
        return ""
    return shown(story, before, after, "customers").change


def _profit(story: Story) -> list[Fact]:
    before, after = (story.level("profit", p) for p in (story.champion, story.chosen))
    if before is None or after is None:
        return []
    found = shown(story, before, after, "money")
    note = f"{found.before} to {found.after}{sign('profit', before, after)}"
    return [Fact(story.head("Profit"), found.change, note, "bad" if after < 0 else "plain")]


def _survival(story: Story) -> Fact:
    gain = record(story.balance, "gain")
    label = "Every assumption unfavourable"
    if gain.get("survives") is None:
        return Fact(label, "not tested", "no assumed range was given")
    left = signed(story.quantity(gain.get("unfavourable"), gain.get("unit")))
    if not gain["survives"]:
        return Fact(label, "no gain", f"{left} is left", "bad")
    part = _part_left(gain)
    return Fact(label, "still a gain", f"{left} is left{part}", "good")


def _part_left(gain: Record) -> str:
    central, left = real(gain.get("central")), real(gain.get("unfavourable"))
    return f", {percent(left / central)} of it" if central and left is not None else ""
