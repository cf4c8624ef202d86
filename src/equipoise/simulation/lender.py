"""The synthetic lender: one call makes its history and its truth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from equipoise.errors import BadInput
from equipoise.progress import Progress, Silent
from equipoise.simulation.events import event_frame
from equipoise.simulation.frames import application_frame, truth_frame
from equipoise.simulation.history import History, make_history
from equipoise.simulation.menu import MenuTable, Terms
from equipoise.simulation.parameters import Parameters, read_parameters
from equipoise.simulation.performance import performance_frame
from equipoise.simulation.policy import assign
from equipoise.simulation.population import Population, make_population
from equipoise.simulation.streams import BLOCK, Streams
from equipoise.simulation.tape import tape_frame
from equipoise.simulation.truth import Truth


@dataclass(frozen=True)
class Lender:
    """A simulated lender: what its files hold, and the truth behind them."""

    parameters: Parameters
    seed: int
    population: Population
    history: History

    def __len__(self) -> int:
        return len(self.population)

    @cached_property
    def menu(self) -> MenuTable:
        """The treatments, in the order `history.assignment.choice` counts them."""
        return MenuTable(self.parameters)

    @cached_property
    def truth(self) -> Truth:
        """What any treatment would truly have brought."""
        seen = self.population.observed
        return Truth(
            self.parameters,
            self.population.latent,
            self.history.assignment.todays_apr,
            seen.amount,
            seen.term,
        )

    @cached_property
    def treatments(self) -> tuple[Terms, ...]:
        """The menu's terms for every applicant, for `truth.of_choice`."""
        seen = self.population.observed
        return self.menu.terms(self.history.assignment.todays_apr, seen.amount, seen.term)

    def applications(self) -> pl.DataFrame:
        """One row per applicant: what was known, done and seen of each."""
        return application_frame(self.parameters, self.menu, self.population, self.history)

    def events(self) -> pl.DataFrame:
        """The event log of the first applications."""
        return event_frame(self.parameters, self.menu, self.history)

    def performance(self) -> pl.DataFrame:
        """One row per booked loan and month."""
        return performance_frame(self.population, self.history)

    def tape(self) -> pl.DataFrame:
        """One row per booked loan and calendar month, as a lender's systems tell it."""
        return tape_frame(self.parameters, self.population, self.history, self.seed)

    def known_truth(self) -> pl.DataFrame:
        """One row per applicant of what the lender cannot see."""
        return truth_frame(self.truth, self.treatments, self.history)


def simulate(
    applicants: int,
    seed: int,
    parameters: Parameters | None = None,
    progress: Progress | None = None,
) -> Lender:
    """Make a synthetic lender's history, all of it in memory.

    The same seed gives the same applicants: a larger run begins with those of a smaller one.
    Raises BadInput for fewer than one applicant or a negative seed.
    """
    refuse_impossible(applicants, seed)
    return _lived(Streams(seed, applicants), parameters or read_parameters(), progress or Silent())


def blocks_in(applicants: int) -> int:
    """How many blocks a run of so many applicants has; the last may be shorter."""
    return -(-applicants // BLOCK)


def simulate_block(
    number: int, applicants: int, seed: int, parameters: Parameters | None = None
) -> Lender:
    """Block `number`, from 0, of the run `simulate(applicants, seed)`, without the others.

    Raises BadInput as `simulate` does, and for a block that the run has not.
    """
    refuse_impossible(applicants, seed)
    if not 0 <= number < blocks_in(applicants):
        raise BadInput(
            f"a run of {applicants} applicants has no block {number}",
            field="number",
            mend=f"give 0 to {blocks_in(applicants) - 1}",
        )
    first = number * BLOCK
    streams = Streams(seed, min(BLOCK, applicants - first), first)
    return _lived(streams, parameters or read_parameters(), Silent())


def refuse_impossible(applicants: int, seed: int) -> None:
    """Raises BadInput for fewer than one applicant or a negative seed."""
    if applicants < 1:
        raise BadInput(
            f"{applicants} applicants cannot be simulated",
            field="applicants",
            mend="ask for at least 1",
        )
    if seed < 0:
        raise BadInput(f"the seed {seed} is negative", field="seed", mend="give 0 or more")


def _lived(streams: Streams, parameters: Parameters, steps: Progress) -> Lender:
    with steps.step("applicants"):
        population = make_population(parameters, streams)
    menu = MenuTable(parameters)
    with steps.step("what happened to them"):
        assignment = assign(parameters, menu, population.observed, streams)
        history = make_history(parameters, menu, population, assignment, streams)
    return Lender(parameters, streams.seed, population, history)
