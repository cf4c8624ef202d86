"""What a ranking of assumptions ends with: one table, what it rests on, what to do first."""

from __future__ import annotations

from equipoise.cli import printing
from equipoise.review.learning.result_document import (
    Assumption,
    Estimated,
    LearningResult,
    PlannedExperiment,
)
from equipoise.review.learning.wording import change_words, experiment_words

WORTHS = ("assumption", "now", "promise", "EVPI", "EVSI", "it would change")
EXPERIMENTS = ("assumption", "experiment", "people", "weeks", "cost", "risk")
_MOST = 12


def ranked(result: LearningResult, *, as_json: bool) -> None:
    """The first assumptions in their order; all of them under --json."""
    if as_json:
        printing.document(result.as_dict())
        return
    promise = result.promise
    printing.line(
        f"{result.workspace}: the recommended move promises {promise.middle:.2f} more of "
        f"'{promise.label}' per 100 applicants, {promise.low:.2f} to {promise.high:.2f}."
    )
    if not result.assumptions:
        printing.line("No input has a range: there is nothing to learn.")
        return
    shown = list(enumerate(result.assumptions[:_MOST], 1))
    ordered = "how narrow its experiment makes the promise"
    if result.by == "decision":
        ordered = "what its experiment is worth to the decision (EVSI)"
    rows = [_worths(at, each) for at, each in shown]
    printing.table(f"What would teach most, by {ordered}", WORTHS, rows)
    tried = [[_named(at, each), *_experiment(each.experiment)] for at, each in shown]
    printing.table("The cheapest experiment that settles each", EXPERIMENTS, tried)
    more = len(result.assumptions) - len(rows)
    if more:
        printing.line(f"and {more} more (all of them under --json)")
    printing.line(
        "~ may change places with the one above. Promise: the interval's width that the experiment "
        f"takes off. EVPI, EVSI: '{result.goal_label}' per 100 applicants that knowing it, and its "
        "experiment, add by a better choice."
    )
    everything, three = result.everything, result.first_three
    printing.line(
        f"After the first three the promise is {100 * result.first_left:.0f} % as wide, and "
        f"choosing by them adds {_worth(three)}. Knowing everything would add {_worth(everything)}."
    )
    printing.notes("To know", _notes(result))


def _worths(place: int, each: Assumption) -> list[str]:
    return [
        _named(place, each),
        f"{each.value:.3g} ({each.low:.3g} to {each.high:.3g})",
        f"-{100 * each.narrows.value:.0f} %",
        _worth(each.evpi),
        _worth(each.evsi),
        printing.plain(change_words(each)),
    ]


def _named(place: int, each: Assumption) -> str:
    return f"{place}{'~' if each.tied else ''} {each.label}"


def _experiment(experiment: PlannedExperiment | None) -> list[str]:
    words = experiment_words(experiment)
    if experiment is None:
        return [words, "", "", "", ""]
    mark = "" if experiment.settles else "*"
    return [
        words,
        f"{experiment.people:,}" if experiment.people else "",
        f"{experiment.weeks:.0f}{mark}",
        f"{experiment.cost:,.0f}",
        f"{experiment.risk:+,.0f}" if experiment.risk else "0",
    ]


def _worth(worth: Estimated) -> str:
    return f"{worth.value:.3f} ({worth.low:.3f} to {worth.high:.3f})"


def _notes(result: LearningResult) -> list[str]:
    notes = [
        f"{result.applicants:,} applicants, {result.draws} draws (seed {result.seed}), "
        f"{result.policies} policies; {result.per_day:.0f} applications a day.",
        "Among so few policies less can be gained by knowing than among all: EVPI and EVSI are "
        "floors.",
    ]
    if any(each.experiment and not each.experiment.settles for each in result.assumptions):
        notes.append("* a year of applicants does not settle it: what is told is of that year.")
    if not result.best_is_recommended:
        notes.append(
            "Over the ranges another policy does better on average than the recommended one, which "
            "is the best at the stated inputs."
        )
    if result.refused:
        notes.append(f"Under {result.refused} draws no policy keeps the limits.")
    return notes
