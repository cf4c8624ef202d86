"""Section 1: the answer in one screen, with what it rests on; what does not survive comes first."""

from __future__ import annotations

from equipoise.balance.result_document import Gain
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
from equipoise.report.story import Story
from equipoise.report.wording import RULE, growth, shown, sign
from equipoise.texts.numbers import count, percent, signed, span, unit_word
from equipoise.texts.saying import first_up, joined, marked, say

TITLE = marked("The answer")
GROWING = (
    ("exposure", marked("amount lent")),
    ("capital", marked("regulatory capital")),
    ("approvals", marked("applicants offered a loan")),
)


def answer(story: Story) -> Section:
    blocks: list[Block] = [*doubts(story), Text(headline(story)), Facts(facts(story))]
    table, rests = compared_levels(story), grounds(story)
    left: list[Block] = [table] if table.rows else []
    if rests:
        right: list[Block] = [Grounds(say("What this rests on"), rests)]
        blocks.append(Columns(left, right) if left else right[0])
    else:
        blocks += left
    blocks.append(Text(joined([say(RULE), say(GLOSSARY)]) + _currency(story), small=True))
    return Section("answer", say(TITLE), say("Answer"), blocks)


def headline(story: Story) -> str:
    """Where today stands, where the move leads, and what grows with it."""
    x, y = story.x, story.y
    here, there = story.champion, story.chosen
    people = count(story.balance.applicants)
    risk = shown(story, here.x, there.x, x.unit)
    up = shown(story, here.y, there.y, y.unit)
    counted = y.unit.startswith("per ")
    reached = (
        say("{level} {what} {unit}", level=up.after, what=y.label.lower(), unit=unit_word(y.unit))
        if counted
        else say("{what} {level}", what=y.label.lower(), level=up.after)
    )
    a_risk = say(
        "an {risk}" if x.label[:1].lower() in "aeiou" else "a {risk}", risk=x.label.lower()
    )
    return say(
        "Over {people} applications the recommended policy reaches {reached} where "
        "today's reaches {today}, at {risk} of {risk_after} where today's is "
        "{risk_today}.{growth}",
        people=people,
        reached=reached,
        today=up.before,
        risk=a_risk,
        risk_after=risk.after,
        risk_today=risk.before,
        growth=_growth(story),
    )


def _growth(story: Story) -> str:
    parts = [
        say("{what} {change}", what=say(label), change=change)
        for name, label in GROWING
        if (change := growth(story, name))
    ]
    return say(" {sentence}.", sentence=first_up(joined(parts, ", "))) if parts else ""


def _currency(story: Story) -> str:
    if story.currency or not story.champion.measures:
        return ""
    return say(" Amounts are in currency units: the contract names no currency.")


def facts(story: Story) -> list[Fact]:
    """Experience, risk and profit under both policies, and what is left of the gain."""
    x, y = story.x, story.y
    before, after = story.champion, story.chosen
    counted = y.unit.startswith("per ")
    served = (
        say("{what} {unit}", what=y.label.lower(), unit=unit_word(y.unit))
        if counted
        else y.label.lower()
    )
    more = _people(story)
    served += say("; {more} in all", more=more) if more else ""
    up, risk = shown(story, before.y, after.y, y.unit), shown(story, before.x, after.x, x.unit)
    return [
        Fact(say("Experience, today → recommended"), f"{up.before} → {up.after}", served),
        Fact(
            say("Risk, today → recommended"),
            f"{risk.before} → {risk.after}",
            joined([x.label.lower(), risk.change], "; "),
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
    change = shown(story, before, after, "money")
    note = span(change.before, change.after) + sign("profit", before, after)
    return [Fact(story.head(say("Profit")), change.change, note, "bad" if after < 0 else "plain")]


def _survival(story: Story) -> Fact:
    gain = story.balance.gain
    label = say("Every assumption unfavourable")
    left = signed(story.quantity(gain.unfavourable, gain.unit))
    if not gain.survives:
        return Fact(label, say("no gain"), say("{left} is left", left=left), "bad")
    part = _part_left(gain)
    return Fact(
        label, say("still a gain"), say("{left} is left{part}", left=left, part=part), "good"
    )


def _part_left(gain: Gain) -> str:
    if not gain.central:
        return ""
    return say(", {left} of it", left=percent(gain.unfavourable / gain.central))
