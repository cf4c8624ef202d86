"""What happened: each applicant's offer, way through the journey, answer and loan."""

from __future__ import annotations

from dataclasses import dataclass, replace

from scipy.special import expit

from equipoise.numeric.arrays import FloatArray
from equipoise.simulation.behaviour import take_up_utility
from equipoise.simulation.loans import Loans, watch_loans
from equipoise.simulation.menu import MenuTable
from equipoise.simulation.offers import Offers, make_offers
from equipoise.simulation.parameters import Parameters
from equipoise.simulation.policy import Assignment
from equipoise.simulation.population import Population
from equipoise.simulation.streams import Streams
from equipoise.simulation.timeline import StepTimes, start_times, step_times
from equipoise.simulation.way import Way, walk


@dataclass(frozen=True, slots=True)
class History:
    """All that happened to applicants from number `first` (0 is the run's first) on.

    `steps` holds the times of those whose events are written: the first of the run.
    """

    assignment: Assignment
    offers: Offers
    started: FloatArray
    way: Way
    loans: Loans
    steps: dict[str, StepTimes]
    first: int


def make_history(
    parameters: Parameters,
    menu: MenuTable,
    population: Population,
    assignment: Assignment,
    streams: Streams,
) -> History:
    """Let every applicant live through the treatment assigned."""
    latent = population.latent
    offers = make_offers(parameters, menu, population, assignment, streams)
    started = start_times(population.observed.applied_day, streams)
    steps = step_times(parameters, offers.journey, started, streams)
    way = walk(parameters, offers, latent.kind, steps, streams)
    # where results are only recorded, all who complete pass
    way = replace(way, passed=way.completed & (way.passed | ~assignment.acted))
    utility = take_up_utility(parameters, latent.log_odds, offers.apr, offers.share, way.wait_days)
    booked = way.passed & (streams.uniform("take_up") < expit(utility))
    loans = watch_loans(
        parameters, population, offers, (booked, assignment.acted, way.end_time), streams
    )
    head = max(parameters.files.events_applications - streams.first, 0)
    return History(
        assignment=assignment,
        offers=offers,
        started=started,
        way=way,
        loans=loans,
        steps={name: times.head(head) for name, times in steps.items()},
        first=streams.first,
    )
