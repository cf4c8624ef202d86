"""What a trial's page shows of a look at it: each measure's interval day by day, and the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from equipoise.service.contexts.trials.reading import Broken, Guardrail, Then
from equipoise.service.pages.charts import Axis, Kind, Lines, Reading, Rule, Series
from equipoise.texts.numbers import count, percent, points, points_span, signed
from equipoise.texts.saying import marked, say
from equipoise.texts.trials import measure_name

_ANSWERS = {
    "stop_for_harm": marked("Stop: it does harm"),
    "ship": marked("Ship it: every guardrail holds"),
    "go_on": marked("Go on: not all is known yet"),
    "not_enough_evidence": marked("Not enough evidence, though all that was planned is in"),
}
_THEN = {
    Then.STOP: marked("the version serves nobody new"),
    Then.TELL: marked("those who answer for it are told"),
}
_FOUND = {
    "harm": marked("worse by more than is tolerated"),
    "safe": marked("not worse by more than is tolerated"),
    "better": marked("better"),
    "worse": marked("worse"),
    "open": marked("open"),
    "too_few": marked("too few outcomes yet"),
}


@dataclass(frozen=True, slots=True)
class Watched:
    """A measure of a challenger: both arms, the difference as text, the verdict, its picture."""

    name: str
    champion: str
    challenger: str
    difference: str
    verdict: str
    state: str  # a class of the style sheet
    tolerated: str
    figure: Lines | None


@dataclass(frozen=True, slots=True)
class Challenger:
    """A challenger with what may be said of it."""

    name: str
    answer: str
    state: str
    measures: tuple[Watched, ...]


@dataclass(frozen=True, slots=True)
class Guarded:
    """A guardrail as declared, in words, and which versions broke it; empty where none did."""

    measure: str
    bound: str
    least: str
    then: str
    broken_by: str


@dataclass(frozen=True, slots=True)
class Ratio:
    """Applicants by arm, and whether they are there by their shares."""

    applicants: tuple[tuple[str, str], ...]
    known: bool
    broken: bool


def challengers(look: Mapping[str, Any]) -> list[Challenger]:
    """Every challenger of a look (`review.trials.trial_result`)."""
    return [
        Challenger(
            _arm(each["challenger"]),
            say(_ANSWERS[each["answer"]]),
            {"stop_for_harm": "failed", "ship": "done"}.get(each["answer"], "queued"),
            tuple(_watched(measure) for measure in each["measures"]),
        )
        for each in look["challengers"]
    ]


def ratio(look: Mapping[str, Any]) -> Ratio:
    """Whether whoever was served fits the shares: where not, no figure may be read."""
    test = look["sample_ratio"]
    people = tuple((_arm(name), count(n)) for name, n in sorted(look["applicants"].items()))
    return Ratio(people, test["evidence"] is not None, bool(test["broken"]))


def guarded(guardrails: Sequence[Guardrail], broken: Sequence[Broken]) -> list[Guarded]:
    """The guardrails of a trial with what became of each."""
    return [
        Guarded(
            measure_name(each.measure),
            signed(points(each.bound)),
            count(each.least),
            say(_THEN[each.then]),
            ", ".join(say("Version {n}", n=b.number) for b in broken if b.measure == each.measure),
        )
        for each in guardrails
    ]


def why_stopped(broken: Broken) -> str:
    """What happened when a guardrail broke, in a sentence."""
    sentence = marked(
        "Version {n} broke a guardrail at {at} UTC and serves nobody new: {measure}, {change} "
        "against the champion ({span}), where {bound} is borne."
    )
    serving = marked(
        "Version {n} broke a guardrail at {at} UTC, and still serves: {measure}, {change} "
        "against the champion ({span}), where {bound} is borne."
    )
    return say(
        sentence if broken.stopped else serving,
        n=broken.number,
        at=f"{broken.at:%Y-%m-%d %H:%M}",
        measure=measure_name(broken.measure),
        change=signed(points(broken.difference)),
        span=points_span(broken.low, broken.high),
        bound=signed(points(broken.bound)),
    )


def _watched(measure: Mapping[str, Any]) -> Watched:
    name = measure_name(measure["name"])
    return Watched(
        name=name,
        champion=_outcomes(measure["champion"]),
        challenger=_outcomes(measure["challenger"]),
        difference=_difference(measure),
        verdict=say(_FOUND[measure["found"]]),
        state={"harm": "failed", "worse": "failed", "safe": "done", "better": "done"}.get(
            measure["found"], "queued"
        ),
        tolerated="" if measure["tolerated"] is None else points(measure["tolerated"]),
        figure=_figure(name, measure) if measure["days"] else None,
    )


def _outcomes(arm: Mapping[str, Any]) -> str:
    n = int(arm["outcomes"])
    if arm["mean"] is None or n < 10:
        return say("{n} outcomes", n=count(n))
    return say("{share} of {n}", share=percent(arm["mean"]), n=count(n))


def _difference(measure: Mapping[str, Any]) -> str:
    if measure["difference"] is None:
        return "–"
    between = points_span(measure["low"], measure["high"])
    return say("{change} ({span})", change=signed(points(measure["difference"])), span=between)


def _figure(name: str, measure: Mapping[str, Any]) -> Lines:
    days = [date.fromisoformat(each) for each in measure["days"]]
    rows = zip(days, measure["differences"], measure["lows"], measure["highs"], strict=True)
    rules = [Rule(say("no difference"), 0.0)]
    if measure["tolerated"] is not None:
        worst = measure["tolerated"] * (-1 if measure["higher_is_better"] else 1)
        rules.append(Rule(say("guardrail"), worst))
    return Lines(
        title=say("{measure}: challenger less champion, day by day", measure=name),
        described=say("Every interval holds on every day together with all others."),
        x=Axis(say("Day"), kind=Kind.DAYS),
        y=Axis(say("Difference"), "share"),
        series=(Series(say("challenger less champion"), tuple(Reading(*row) for row in rows)),),
        rules=tuple(rules),
    )


def _arm(name: str) -> str:
    if name == "champion":
        return say("Champion")
    number = name.removeprefix("version ")
    return say("Version {n}", n=number)
