"""What a stress test says in words, on its page and in its report."""

from __future__ import annotations

from equipoise.review.stress.links import NO_BETTER, NO_DRIVER
from equipoise.review.stress.result_document import LinkTold, Quarter, ScenarioTold, StressResult
from equipoise.review.stress.reverse import Reverse
from equipoise.texts.numbers import ABSENT, count, fixed, money, percent
from equipoise.texts.saying import joined, marked, say

LIMITED = {
    "loss": marked("all losses"),
    "loss_rate": marked("losses, of the exposure"),
    "allowance": marked("the largest allowance"),
    "allowance_rate": marked("the largest allowance, of the exposure"),
    "capital": marked("the most capital asked for"),
    "profit": marked("what the book earns"),
    "capital_ratio": marked("the least capital ratio"),
}
SHARES = ("loss_rate", "allowance_rate", "capital_ratio")
WHY = {
    NO_DRIVER: marked("every driver moves the rates the wrong way in the past, or not at all"),
    NO_BETTER: marked("out of time the model is no better than the mean of its past"),
}
_QUARTER = 3  # months
OWN_RATES = marked("the lender's own tape")


def book_today(result: StressResult) -> list[tuple[str, str]]:
    """What the book is where a stress test begins: what each figure is called, and the figure."""
    facts = [
        (say("Owed today by loans not in default"), money(result.exposure, result.currency)),
        (say("Their allowance today"), money(result.allowance, result.currency)),
        (say("In default: expected loss"), money(result.in_default, result.currency)),
        (say("Capital asked for today"), money(result.capital, result.currency)),
    ]
    if result.defaults is not None:
        facts.append((say("Defaults that roll rates rest on"), count(result.defaults)))
    return facts


def warning_texts(result: StressResult) -> list[tuple[str, str]]:
    """What is in no figure, and each scenario that begins at another time than the book ends: what
    it is about, and that."""
    refused = say(
        "{n} rows of the tape were refused, and are in no figure.", n=count(result.refused_rows)
    )
    warnings = [(say("Data faults:"), refused)] if result.refused_rows else []
    return warnings + [
        (
            say("{scenario} does not begin where the book ends:", scenario=each.name),
            say(
                "it is written from {quarter} on, and is run on from {month}.",
                quarter=each.quarters[0].quarter,
                month=result.as_of,
            ),
        )
        for each in result.scenarios
        if result.at_another_time(each)
    ]


def unmet_text(scenario: ScenarioTold) -> tuple[str, str]:
    """That a scenario asks for more defaults than can come, and how many do in which quarters."""
    met = "; ".join(f"{each.quarter}: {percent(each.met)}" for each in scenario.unmet)
    return (
        say("{scenario} asks for more defaults than loans are late for:", scenario=scenario.name),
        say("of those asked for there come {quarters}.", quarters=met),
    )


def no_return_text(result: StressResult) -> str:
    """Why nobody comes back from default, and what the tape shows of those who did."""
    why = say(
        "Nobody comes back from default here: what is lost of a default is that of all who "
        "default, those who come back among them."
    )
    if not result.default_months:
        return why
    seen = {
        "back": count(result.came_back),
        "seen": count(result.default_months),
        "share": percent(result.came_back / result.default_months),
    }
    if result.step_months == 1:
        said = say(
            "On the tape {back} of {seen} months in default were followed by one less late "
            "({share}).",
            **seen,
        )
    else:
        said = say(
            "On the tape {back} of {seen} times a loan in default was less late {n} months on "
            "({share}).",
            n=result.step_months,
            **seen,
        )
    return joined((why, said))


def step_texts(result: StressResult) -> list[str]:
    """How the book is run off where the tape does not tell every month."""
    months = result.step_months
    if months == 1:
        return []
    steps = say(
        "The tape tells a month in {n}: loans roll from one of these to the next, and what comes "
        "to default in between is spread evenly over its months.",
        n=months,
    )
    if months <= _QUARTER:
        return [steps]
    whole = say(
        "Quarters between two of these have the same shifts: together as many come to default as "
        "their odds say, but not each by itself."
    )
    return [joined((steps, whole))]


def share_of(value: float | None, quarter: Quarter) -> float | None:
    """A sum of a quarter as a share of what is owed at its end."""
    return None if value is None else value / max(quarter.exposure, 1e-300)


def limit_text(each: Reverse, currency: str) -> str:
    """A limit as people read it."""
    figure, direction, level = each.limit.split(" ")
    shown = percent(float(level)) if figure in SHARES else money(float(level), currency)
    said = (
        say("{figure} at most {level}") if direction == "<=" else say("{figure} at least {level}")
    )
    return said.format(figure=say(LIMITED[figure]), level=shown)


def breaks_text(each: Reverse) -> str:
    """The scale at which a limit breaks."""
    if each.breaks_at is None:
        return say("not within the range")
    return times(each.breaks_at) if each.breaks_at else say("already, without the scenario")


def times(scale: float | None) -> str:
    """A scale as it is written."""
    return ABSENT if scale is None else f"× {fixed(scale, 3)}"


def followed_text(fit: LinkTold) -> str:
    """By what the book follows the economy."""
    names = joined(fit.drivers, ", ")
    if fit.kind == "satellite":
        return say("A model of the log-odds of default rates of {whom}, by {drivers}.",
                   whom=_whom(fit.rates), drivers=names)  # fmt: skip
    return say(
        "The mean of {drivers}, in standard deviations of its past, is the one factor "
        "of Vasicek's model; rho is {rho}, stated and not measured ({source}).",
        drivers=names,
        rho=fixed(fit.rho or 0.0, 2),
        source=fit.rho_source,
    )


def odds_text(result: StressResult) -> str:
    """How a quarter's odds of default are made of the economy's figures."""
    fit = result.link
    if fit.kind == "satellite":
        parts = [
            f"{name}: {fixed(slope, 4)}"
            for name, slope in zip(fit.drivers, fit.slopes, strict=True)
        ]
        return say(
            "To the log-odds of a quarter's default each driver adds its slope times how far it is "
            "from where it was in the last quarter before the scenario ({slopes}).",
            slopes=joined(parts, "; "),
        )
    if fit.deviation_of_mean is None:  # a test of former versions
        return ""
    parts = [
        say("{driver}: mean {mean}, deviation {deviation}",
            driver=name, mean=f"{mean:.4g}", deviation=f"{deviation:.4g}")
        for name, mean, deviation in zip(fit.drivers, fit.means, fit.deviations, strict=False)
    ]  # fmt: skip
    return say(
        "The factor z is the mean of the drivers, each in deviations from its mean ({past}), what "
        "is better being more, by the deviation of that mean ({spread}). The PD of a year is "
        "N((G(p) − √rho × z) ÷ √(1 − rho)), and p is such that in the last quarter before the "
        "scenario it is {today}; a quarter's is 1 − (1 − PD)^(1 ÷ 4), and its log-odds are taken "
        "less those of that quarter.",
        past=joined(parts, "; "),
        spread=fixed(fit.deviation_of_mean, 4),
        today=percent(result.mean_pd),
    )


def why_text(why: str) -> str:
    """Why no satellite is used."""
    return say(WHY[why]) if why in WHY else say("there are too few quarters with a default rate.")


def _whom(rates: str) -> str:
    return say(OWN_RATES) if rates == OWN_RATES else rates
