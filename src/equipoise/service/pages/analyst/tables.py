"""A strategy as a person reads it: tables and sentences, in the order in which it decides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from equipoise.strategy import Content
from equipoise.strategy.document import Give, given
from equipoise.texts.decisions import percent
from equipoise.texts.languages import text_in
from equipoise.texts.numbers import count, plain, precise
from equipoise.texts.saying import joined, say, spoken


@dataclass(frozen=True, slots=True)
class Table:
    """A part of a strategy: a sentence of what it does, and its rows below their heads."""

    id: str
    title: str
    said: str
    head: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = field(default_factory=list)


def tables_of(content: Content) -> list[Table]:
    """Every part that the strategy has."""
    makers = (_derived, _risk, _figures, _rules, _tiers, _choice, _prices, _menu, _journeys,
              _authority, _overrides, _texts)  # fmt: skip
    return [table for make in makers for table in make(content)]


def _derived(content: Content) -> Iterator[Table]:
    features = content.strategy.features
    if features:
        yield Table(
            "features",
            say("Derived from what is given"),
            say("Worked out first, each from the facts and those above it."),
            (say("Name"), say("Is")),
            [*features.items()],
        )


def _risk(content: Content) -> Iterator[Table]:
    model = content.model
    rows = [
        (say("Model"), model.name),
        (say("Kind"), model.kind),
        (say("Digest"), model.digest),
        (say("Loss given default"), percent(content.lgd)),
        (say("Months of the outcome"), plain(content.window_months)),
    ]
    rows += [(say("Caution"), each) for each in content.cautions]
    said = say("The model gives each applicant a chance of default.")
    yield Table("risk", say("Risk"), said, (say("What"), say("Is")), rows)


def _figures(content: Content) -> Iterator[Table]:
    names = {
        "amount": say("Amount asked"),
        "term_months": say("Months asked"),
        "monthly_income": say("Monthly income"),
        "apr": say("Base price a year"),
        "lgd": say("Loss given default"),
        "product": say("Product"),
    }
    section = content.strategy.applicant
    rows = [(shown, text) for name, shown in names.items() if (text := getattr(section, name))]
    said = say("What is known of each applicant when the choice is made.")
    yield Table(
        "applicant", say("The applicant's own figures"), said, (say("What"), say("Is")), rows
    )


def _rules(content: Content) -> Iterator[Table]:
    rows = [
        (str(place), rule.name, rule.when, _given(rule.outcome), _reason(content, rule.reason))
        for place, rule in enumerate(content.strategy.rules, start=1)
    ]
    said = say("Looked at in this order; the first that holds decides.") if rows else say("None.")
    head = (say("Place"), say("Rule"), say("Holds where"), say("Gives"), say("Reason"))
    yield Table("rules", say("Rules"), said, head, rows)


def _tiers(content: Content) -> Iterator[Table]:
    rows = [
        (each.name, each.when or say("everybody else"), joined(each.journeys, ", "))
        for each in content.strategy.tiers
    ]
    said = say("Applicants of a tier go through the same journeys; the first that holds is theirs.")
    head = (say("Tier"), say("Holds where"), say("Journeys"))
    yield Table("tiers", say("Tiers"), said, head, rows)


def _choice(content: Content) -> Iterator[Table]:
    document = content.strategy
    if document.choose == "table" and document.table:
        rows = [
            (each.tier or say("all"), each.when or say("otherwise"), _given(each.give))
            for each in document.table.rows
        ]
        said = say("What is given is looked up in a table; the first row that holds decides.")
        head = (say("Tier"), say("Holds where"), say("Gives"))
        yield Table("table", say("Choice: table"), said, head, rows)
    elif document.choose == "cutoff" and document.cutoff:
        bands = document.cutoff
        points = bands.score == "points"
        edges = [
            say("{points} points or more", points=plain(each.at_least))
            if points
            else say("PD below {share}", share=percent(each.below or 0.0))
            for each in bands.bands
        ]
        rows = [(e, _given(b.give), "") for e, b in zip(edges, bands.bands, strict=True)]
        rows.append((say("the rest"), _given(bands.otherwise), ""))
        said = say("What is given goes by bands of the score, the safest first.")
        yield Table("bands", say("Choice: bands"), said, (say("Band"), say("Gives")),
                    [row[:2] for row in rows])  # fmt: skip
    elif document.balance:
        said = say(
            "Each applicant gets the treatment that is worth most for {goal}, net of what the "
            "limits charge for it. One unit is worth {worth}.",
            goal=document.balance.goal,
            worth=precise(document.balance.worth),
        )
        yield Table("balance", say("Choice: balance"), said)


def _prices(content: Content) -> Iterator[Table]:
    balance = content.strategy.balance
    if content.strategy.choose != "balance" or balance is None or not balance.prices:
        return
    rows = [
        (
            each.name,
            precise(each.multiplier),
            joined([f"{precise(w)} × {n}" for n, w in each.weights.items()], ", "),
            each.where or say("everybody"),
        )
        for each in balance.prices
    ]
    head = (say("Limit"), say("Price of a unit"), say("A unit is"), say("Where"))
    said = say("Each limit of the appetite charges for what a treatment uses of it.")
    yield Table("prices", say("Prices of the limits"), said, head, rows)


def _menu(content: Content) -> Iterator[Table]:
    menu = content.treatments
    rows = [
        (say("price"), each.name, say("{add} on the base price, from {floor} to {cap}",
         add=_added(each.add), floor=percent(each.floor), cap=percent(each.cap)),
         each.eligible or say("everybody"))
        for each in menu.prices
    ]  # fmt: skip
    rows += [
        (say("amount"), each.name, say("{share} of what is asked", share=percent(each.share)),
         each.eligible or say("everybody"))
        for each in menu.amounts
    ]  # fmt: skip
    rows += [
        (say("term"), each.name, say("{months} months more", months=f"{each.add_months:+d}"),
         each.eligible or say("everybody"))
        for each in menu.terms
    ]  # fmt: skip
    allowed = content.strategy.treatments
    number = len(menu.menu()) if allowed == "all" else len(allowed)
    said = say(
        "Prices, amounts and terms of which {count} treatments are made.", count=count(number)
    )
    head = (say("Part"), say("Name"), say("Is"), say("For"))
    yield Table("menu", say("What can be offered"), said, head, rows)


def _journeys(content: Content) -> Iterator[Table]:
    person = set(content.strategy.person)
    rows = [
        (
            each.name,
            joined(each.steps, ", ") or say("none"),
            joined(each.checks, ", ") or say("none"),
            say("a person decides")
            if each.name in person
            else say("{days} days", days=plain(each.wait_days)),
        )
        for each in content.treatments.journeys
    ]
    head = (say("Journey"), say("Steps"), say("Checks"), say("Waiting"))
    yield Table("journeys", say("Journeys"), say("What an applicant goes through."), head, rows)


def _authority(content: Content) -> Iterator[Table]:
    section = content.strategy.authority
    if section is None:
        return
    rows = [
        (
            say("no ceiling") if each.up_to is None else plain(each.up_to),
            say("all") if each.grades == "all" else joined(each.grades, ", "),
            say("all") if each.products == "all" else joined(each.products, ", "),
            say("any")
            if each.accepts is None
            else joined(sorted(each.accepts), ", ") or say("none"),
            say("the machine") if each.level == "system" else each.level,
            str(each.joint),
        )
        for each in section.matrix
    ]
    head = (say("Up to"), say("Grades"), say("Products"), say("Exceptions"), say("Level"),
            say("Signatures"))  # fmt: skip
    said = say(
        "Who decides; the first row that holds. What no row covers goes to the highest level."
    )
    yield Table("authority", say("Authority"), said, head, rows)


def _overrides(content: Content) -> Iterator[Table]:
    section = content.strategy.authority
    overrides = section.overrides if section else None
    if overrides is not None:
        said = say(
            "A person of the level {level} or higher may decide otherwise, for one of these.",
            level=overrides.level,
        )
        rows = [*overrides.reasons.items()]
        yield Table("overrides", say("Overrides"), said, (say("Reason"), say("Means")), rows)


def _texts(content: Content) -> Iterator[Table]:
    rows = [
        (code, language, text)
        for code, texts in content.strategy.texts.items()
        for language, text in texts.items()
    ]
    if rows:
        said = say("What an applicant reads for a reason.")
        head = (say("Reason"), say("Language"), say("Text"))
        yield Table("texts", say("Reasons in words"), said, head, rows)


def _given(give: Give) -> str:
    words = {"decline": say("decline"), "refer": say("to a person")}
    return joined([words.get(each, each) for each in given(give)], ", ")


def _reason(content: Content, code: str) -> str:
    text = text_in(content.strategy.texts.get(code, {}), spoken())
    return f"{code}: {text}" if text else code


def _added(add: float) -> str:
    return say("{points} points", points=f"{100 * add:+.2f}")
