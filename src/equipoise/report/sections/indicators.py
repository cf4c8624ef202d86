"""What a watch says: what rings, every indicator of the last period, the register of risks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from equipoise.report.blocks import (
    Block,
    Callout,
    Column,
    Fact,
    Facts,
    Figure,
    Key,
    Section,
    Table,
    Text,
    Tone,
)
from equipoise.report.charts.readings import readings
from equipoise.texts.numbers import ABSENT, count, percent, plain, span
from equipoise.texts.saying import marked, say, spoken
from equipoise.watch import Indicator, Measured, Reading, Risk, Watch

VERDICTS: dict[str, tuple[Tone, str]] = {
    "red": ("bad", marked("✗ red")),
    "amber": ("warn", marked("! amber")),
    "green": ("good", marked("✓ green")),
    "insufficient": ("plain", marked("? too little known")),
}
FAULTS = {
    "silent": marked("stopped reporting"),
    "divides_by_zero": marked("divides by zero"),
    "unreadable": marked("cannot be read"),
}
LEVELS = {
    "customer": marked("Single customers"),
    "product": marked("Products and channels"),
    "portfolio": marked("The book"),
    "institution": marked("The institution and its data"),
    "macro": marked("The world around"),
    "experience": marked("Customer experience"),
}
CLASSES = {
    "credit": marked("credit risk"),
    "market": marked("market risk"),
    "operational": marked("operational risk"),
    "policy": marked("policy risk"),
}
MOST_DRAWN = 12
RECENT = 12


def rings(watch: Watch, measured: Measured) -> Section:
    """The alarms of the last period, and how many indicators say what."""
    last = measured.at(measured.periods[-1])
    alarms = [each for each in last if each.is_alarm]
    blocks: list[Block] = [_alarm(watch, each) for each in alarms]
    if not alarms:
        blocks.append(
            Callout("good", say("Nothing rings."), say("What is not known is not counted as good."))
        )
    blocks.append(Facts(_facts(last)))
    held = [each for each in last if each.inhibited_by]
    if held:
        names = Counter(_called(watch, each.inhibited_by) for each in held)
        blocks += [
            Callout(
                "warn",
                say("Not to be believed now: {n} indicators.", n=count(many)),
                say("They rest on data that “{name}” says are broken.", name=name),
            )
            for name, many in names.items()
        ]
    return Section("answer", say("What rings"), say("Now"), blocks)


def _alarm(watch: Watch, each: Reading) -> Callout:
    indicator = watch.named(each.indicator).indicator
    if each.fault:
        text = say(
            "{fault}. A fault of the data, and no risk. Owner: {owner}.",
            fault=say(FAULTS[each.fault]),
            owner=indicator.owner,
        )
        return Callout("warn", say("{name}:", name=_name(indicator)), text)
    text = say(
        "{value} where {baseline} was usual, on {n} rows; if nothing changed, as bad a reading "
        "has a chance of {chance}. Owner: {owner}.",
        value=shown(indicator, each.value),
        baseline=shown(indicator, each.baseline),
        n=count(each.n),
        chance=_chance(each.chance),
        owner=indicator.owner,
    )
    return Callout("bad", say("{name}:", name=_name(indicator)), text)


def _facts(last: Sequence[Reading]) -> list[Fact]:
    many: Counter[str] = Counter(each.verdict for each in last)
    return [
        Fact(say(word)[2:], count(many[verdict]), tone=tone if many[verdict] else "plain")
        for verdict, (tone, word) in VERDICTS.items()
    ]


def histories(watch: Watch, measured: Measured) -> Section:
    """Pictures of those that were amber or red of late, the least likely first."""
    recent = set(measured.periods[-RECENT:])
    worst: dict[str, float] = {}
    for each in measured.readings:
        if each.period in recent and each.verdict in ("red", "amber") and each.chance is not None:
            worst[each.indicator] = min(each.chance, worst.get(each.indicator, 1.0))
    chosen = sorted(worst, key=lambda name: worst[name])[:MOST_DRAWN]
    blocks: list[Block] = [_figure(watch, measured, name) for name in chosen]
    if len(worst) > MOST_DRAWN:
        blocks.append(
            Text(say("{n} more are in the tables below.", n=count(len(worst) - MOST_DRAWN)))
        )
    title = say("Amber or red within the last {n} periods", n=count(len(recent)))
    absent = "" if blocks else say("none was")
    return Section("histories", title, say("Histories"), blocks, absent)


def _figure(watch: Watch, measured: Measured, name: str) -> Figure:
    indicator = watch.named(name).indicator
    series = measured.of(name)
    words = {verdict: say(word)[2:] for verdict, (_, word) in VERDICTS.items()}
    last = series[-1]
    legend = [
        Key("blue", say("value"), "line"),
        Key("soft", say("usual"), "line"),
        Key("gold", say(VERDICTS["amber"][1])[2:], "dot"),
        Key("rust", say(VERDICTS["red"][1])[2:], "dot"),
    ]
    if any(each.low is not None for each in series):
        legend.insert(1, Key("band", say("95 % interval")))
    return Figure(
        f"indicator-{list(measured.sums).index(name)}",
        readings(series, words),
        say(
            "{name} over {n} periods; in the last one {value}: {verdict}.",
            name=_name(indicator),
            n=count(len(series)),
            value=shown(indicator, last.value),
            verdict=words[last.verdict],
        ),
        _name(indicator),
        _rule(indicator),
        tuple(legend),
    )


def levels(watch: Watch, measured: Measured) -> list[Section]:
    """Every indicator of the last period, by its level."""
    last = {each.indicator: each for each in measured.at(measured.periods[-1])}
    sections = []
    for level, title in LEVELS.items():
        of = [each for each in watch.document.indicators if each.level == level]
        if of:
            rows = [_row(watch, each, last[each.name]) for each in of]
            caption = say("Readings of {period}", period=measured.periods[-1].isoformat())
            table = Table(f"level-{level}", caption, _columns(), rows)
            sections.append(Section(f"level-{level}", say(title), say(title), [table]))
    return sections


def _columns() -> tuple[Column, ...]:
    return (
        Column(say("Indicator")),
        Column(say("Verdict")),
        Column(say("Value"), True),
        Column(say("95 % interval"), True),
        Column(say("Usual"), True),
        Column(say("Rows"), True),
        Column(say("Chance"), True),
        Column(say("Owner")),
        Column(say("What is measured"), wide=True),
    )


def _row(watch: Watch, indicator: Indicator, each: Reading) -> list[str]:
    verdict = say(VERDICTS[each.verdict][1])
    if each.fault:
        verdict = say(FAULTS[each.fault])
    elif each.inhibited_by:
        verdict = say("not to be believed: {name}", name=_called(watch, each.inhibited_by))
    known = each.low is not None and each.high is not None
    return [
        _name(indicator),
        verdict,
        shown(indicator, each.value),
        span(shown(indicator, each.low), shown(indicator, each.high)) if known else ABSENT,
        shown(indicator, each.baseline),
        count(each.n),
        _chance(each.chance),
        indicator.owner,
        _rule(indicator),
    ]


def register(watch: Watch, measured: Measured) -> Section:
    """The risks by score, each grade told as measured or judged, and what is over its appetite."""
    last = {each.indicator: each.value for each in measured.at(measured.periods[-1])}
    graded = [(risk, *_grades(risk, last)) for risk in watch.document.risks]
    ordered = sorted(graded, key=lambda each: -(each[1] or 0) * (each[2] or 0))
    columns = (
        Column(say("Risk")),
        Column(say("Class")),
        Column(say("Probability"), True),
        Column(say("Impact"), True),
        Column(say("Score"), True),
        Column(say("Appetite"), True),
        Column(say("Owner")),
        Column(say("Cause"), wide=True),
    )
    rows = [_risk(risk, likely, hard) for risk, likely, hard in ordered]
    table = Table("register", say("Risks, the highest score first"), columns, rows)
    blocks: list[Block] = [table] if rows else []
    absent = "" if blocks else say("it holds none")
    return Section("register", say("The register of risks"), say("Risks"), blocks, absent)


def _grades(risk: Risk, last: dict[str, float | None]) -> tuple[int | None, int | None]:
    both = [grade.at(last.get(grade.indicator or "")) for grade in (risk.probability, risk.impact)]
    return both[0], both[1]


def _risk(risk: Risk, likely: int | None, hard: int | None) -> list[str]:
    score = None if likely is None or hard is None else likely * hard
    over = score is not None and score > risk.appetite
    label = risk.label.get(spoken()) or risk.label.get("en") or risk.name
    shown = ABSENT if score is None else count(score)
    return [
        label,
        say(CLASSES[risk.class_]),
        _grade(likely, risk.probability.is_measured),
        _grade(hard, risk.impact.is_measured),
        say("✗ {score}", score=shown) if over else shown,
        count(risk.appetite),
        risk.owner,
        risk.caused_by(spoken()),
    ]


def _grade(grade: int | None, is_measured: bool) -> str:
    if grade is None:
        return say("not known")
    return say("{grade} measured" if is_measured else "{grade} judged", grade=grade)


def _name(indicator: Indicator) -> str:
    return indicator.called(spoken())


def _called(watch: Watch, name: str) -> str:
    return _name(watch.named(name).indicator)


def shown(indicator: Indicator, value: float | None) -> str:
    """A value as a person reads it: shares in per cent."""
    if value is None:
        return ABSENT
    return percent(value) if indicator.kind == "rate" else plain(value)


def _rule(indicator: Indicator) -> str:
    """The indicator as it is written: kind, expressions, rows."""
    parts = [indicator.of or "", f"/ {indicator.over}" if indicator.over else ""]
    where = f"WHERE {indicator.where}" if indicator.where else ""
    return " ".join(part for part in (indicator.kind, *parts, where) if part)


def _chance(chance: float | None) -> str:
    if chance is None:
        return ABSENT
    return say("under 1 in a million") if chance < 1e-6 else f"{chance:.2g}"
