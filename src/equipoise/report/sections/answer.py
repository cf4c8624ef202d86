"""Section 1: the answer in one paragraph and four figures; what does not survive comes first."""

from __future__ import annotations

from equipoise.report.blocks import Block, Callout, Fact, Facts, Section, Text
from equipoise.report.numbers import count, percent, plain, real, signed
from equipoise.report.story import Record, Story, complete, record

TITLE = "The answer"


def answer(story: Story) -> Section:
    chosen, champion = story.chosen, story.champion
    if not complete([chosen], "x", "y") or not complete([champion], "x", "y"):
        why = "today's place and a recommended place are needed, and the balance gives neither both"
        return Section("answer", TITLE, "Answer", absent=why)
    blocks: list[Block] = []
    if record(story.balance, "gain").get("survives") is False:
        blocks.append(_does_not_survive(story))
    blocks += [Text(_paragraph(story)), Facts(_figures(story))]
    warnings = story.balance.get("warnings")
    for warning in warnings if isinstance(warnings, list) else []:
        blocks.append(Callout("warn", "Warning.", str(warning)))
    return Section("answer", TITLE, "Answer", blocks)


def _does_not_survive(story: Story) -> Callout:
    gain = record(story.balance, "gain")
    left = story.quantity(gain.get("unfavourable"), gain.get("unit"))
    return Callout(
        "bad",
        "This recommendation does not survive its assumptions.",
        f"With every assumed quantity at its unfavourable end the gain is {left} instead of "
        f"{story.quantity(gain.get('central'), gain.get('unit'))}. Measure the assumptions that "
        "weigh most (section 6) before acting on what follows.",
    )


def _place(story: Story, point: Record) -> str:
    """`42.4 good customers served per 100 applicants at an expected loss rate of 2.59 %`."""
    x, y = story.x, story.y
    name = y.label.lower()
    if y.unit.startswith("per "):
        reached = f"{plain(point['y'])} {name} {y.unit}"
    else:
        reached = f"{name} of {story.quantity(point['y'], y.unit)}"
    article = "an" if x.label[:1].lower() in "aeiou" else "a"
    return f"{reached} at {article} {x.label.lower()} of {story.quantity(point['x'], x.unit)}"


def _paragraph(story: Story) -> str:
    balance, gain = story.balance, record(story.balance, "gain")
    sentences = [
        f"Over {count(balance.get('applicants'))} applicants, today's policy reaches "
        f"{_place(story, story.champion)}.",
        f"The recommended policy reaches {_place(story, story.chosen)}{_moved(story)}.",
    ]
    if gain.get("survives") is True:
        left = story.quantity(gain.get("unfavourable"), gain.get("unit"))
        sentences.append(
            f"If every assumption turns out at its unfavourable end, {left} of the gain is left."
        )
    gap = real(record(balance, "certificate").get("gap"))
    if gap is not None:
        sentences.append(
            f"This is certified: no policy within the same appetite is better by more than "
            f"{percent(gap)}."
        )
    return " ".join(sentences)


def _moved(story: Story) -> str:
    parts = []
    people, profit = _people(story), story.change("profit")
    if people is not None:
        word = "more" if people >= 0 else "fewer"
        parts.append(f"{count(abs(people))} {word} good customers served")
    if profit is not None:
        parts.append(f"{story.money(abs(profit))} {'more' if profit >= 0 else 'less'} profit")
    return f": {' and '.join(parts)}" if parts else ""


def _people(story: Story) -> float | None:
    """The change in good customers: counted where there is a count, else read from the axis."""
    direct = story.change("good_customers_served")
    if direct is not None:
        return direct
    applicants = real(story.balance.get("applicants"))
    if applicants is None or "good_customers" not in story.y.name:
        return None
    step = float(story.chosen["y"]) - float(story.champion["y"])
    if "100" in story.y.unit or "hundred" in story.y.unit:
        return step * applicants / 100
    return step * applicants if story.y.unit == "share" else None


def _figures(story: Story) -> list[Fact]:
    x, y = story.x, story.y
    counted = y.unit.startswith("per ")
    served = f"{y.label.lower()} {y.unit}" if counted else y.label.lower()
    places = [
        Fact(
            label,
            plain(point["y"]) if counted else story.quantity(point["y"], y.unit),
            f"{served}; {x.label.lower()} {story.quantity(point['x'], x.unit)}",
        )
        for label, point in (("Today", story.champion), ("Recommended", story.chosen))
    ]
    return [*places, _gain_fact(story), _survival_fact(story)]


def _gain_fact(story: Story) -> Fact:
    people, profit = _people(story), story.change("profit")
    same_risk = record(story.balance, "recommended").get("chosen", "same_risk") == "same_risk"
    label = "Gain at the same risk" if same_risk else "Gain of the recommended move"
    if people is None and profit is None:
        return Fact(label, plain(story.chosen["y"] - story.champion["y"]), story.y.unit)
    in_money = f"{signed(story.money(profit))} profit" if profit is not None else ""
    if people is None:
        return Fact(label, in_money)
    return Fact(label, signed(count(people)), f"good customers; {in_money}".rstrip("; "))


def _survival_fact(story: Story) -> Fact:
    gain = record(story.balance, "gain")
    label = "With every assumption unfavourable"
    if gain.get("survives") is None:
        return Fact(label, "not tested", "no assumed range was given")
    left = signed(story.quantity(gain.get("unfavourable"), gain.get("unit")))
    if gain["survives"]:
        return Fact(label, "still a gain", f"{left} is left", "good")
    return Fact(label, "no gain", f"{left} is left", "bad")
