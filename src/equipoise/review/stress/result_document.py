"""A stress test as it is stored and shown; `stress --json` prints it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any, Literal

from equipoise.documents import Document
from equipoise.portfolio import quarter_of, quarter_text
from equipoise.review.stress.access import Access, Action
from equipoise.review.stress.links import Chosen, SatelliteLink
from equipoise.review.stress.reverse import Reverse
from equipoise.review.stress.terms import Term
from equipoise.review.stress.under import Under

_MET = 0.995  # what is short by less changes no decision


class LinkTold(Document):
    """How the book follows the economy. `rates` says whose default rates a satellite was fitted on;
    of a satellite there are lags, slopes, and the errors in and out of time beside that of the mean
    (shares). Of one factor there are each driver's mean and deviation in the past, which way it is
    `worse`, and the deviation of their mean. `why` says why no satellite is used."""

    kind: Literal["satellite", "factor"]
    drivers: tuple[str, ...]
    rates: str = ""
    rho: float | None = None
    rho_source: str = ""
    worse: tuple[Literal["up", "down"], ...] = ()
    means: tuple[float, ...] = ()
    deviations: tuple[float, ...] = ()
    deviation_of_mean: float | None = None
    lags: tuple[int, ...] = ()
    slopes: tuple[float, ...] = ()
    held_at_zero: tuple[str, ...] = ()
    fitted_error: float | None = None
    error: float | None = None
    naive_error: float | None = None
    why: str = ""


class Quarter(Document):
    """A quarter of a scenario, in money; exposure, what of it is in stage 2 (None: a test of former
    versions, in which stages stayed) and late by more days than stage 1 allows (None: of former
    versions, in which it was as usual), allowance, lifetime and capital at its end. `defaulted` is
    what came to default in it (None: of former versions), `shift` what is added to the log-odds of
    rolling to a later bucket, `default_shift` what to those of default then, and `met` the share of
    the defaults that the odds ask for which come, as far as loans are late enough (both None: of
    former versions). The odds are made of `terms` (none: of former versions)."""

    quarter: str
    log_odds: float
    exposure: float
    stage2: float | None = None
    late: float | None = None
    shift: float | None = None
    default_shift: float | None = None
    met: float | None = None
    defaulted: float | None = None
    loss: float
    allowance: float
    lifetime: float
    capital: float
    income: float
    capital_ratio: float | None = None
    terms: tuple[Term, ...] = ()


class StandingUnder(Document):
    """Today's policy under stress, and the most of the goal at its risk, as `Standing` has them;
    where the appetite cannot be met, `impossible` says so and there are no figures."""

    figures: Mapping[str, float] = {}
    impossible: str = ""


class ScenarioTold(Document):
    """A book, and new business where there is any, under one scenario."""

    name: str
    file: str
    quarters: tuple[Quarter, ...]
    loss: float
    loss_rate: float
    allowance: float
    allowance_rate: float
    capital: float
    profit: float
    capital_ratio: float | None = None
    access: tuple[Access, ...] = ()
    standing: StandingUnder | None = None
    actions: tuple[Action, ...] = ()

    @property
    def worst(self) -> int:
        """The place of the quarter in which defaults are likeliest."""
        return max(range(len(self.quarters)), key=lambda at: self.quarters[at].log_odds)

    @property
    def unmet(self) -> tuple[Quarter, ...]:
        """Quarters in which fewer come to default than the odds ask for."""
        return tuple(each for each in self.quarters if each.met is not None and each.met < _MET)

    def default_rates(self, exposure: float) -> list[float | None]:
        """What came to default in each quarter, of what was owed when it began (Q,); `exposure` is
        what is owed today."""
        owed = [exposure, *(each.exposure for each in self.quarters)]
        return [
            None if each.defaulted is None else each.defaulted / max(before, 1e-300)
            for before, each in zip(owed, self.quarters, strict=False)
        ]


class StressResult(Document):
    """A stress test. Money is in the tape's currency, of new business in `people_currency`;
    `exposure`, `allowance` and `capital` are today's. `untold` says why there is nothing about new
    business, where there is nothing. Of `default_months` of loans in default whose next month, so
    many `step_months` on, the tape shows, `came_back` were followed by one less late. `defaults`
    were seen on it, which the
    roll rates rest on (None: of former versions), and `refused_rows` are in no figure. `loans` and
    `exposure` are those not in default."""

    lender: str
    as_of: str
    currency: str
    tape: tuple[str, ...]
    loans: int
    exposure: float
    allowance: float
    capital: float
    in_default: float
    defaults: int | None = None
    step_months: int = 1
    default_months: int = 0
    came_back: int = 0
    mean_pd: float
    own_funds: float | None
    lgd_follows: float
    funding: float
    link: LinkTold
    scenarios: tuple[ScenarioTold, ...]
    reverse: tuple[Reverse, ...] = ()
    today: Access | None = None
    standing: StandingUnder | None = None
    strategy: str = ""
    people: int = 0
    people_currency: str = ""
    untold: str = ""
    refused_rows: int = 0

    def at_another_time(self, scenario: ScenarioTold) -> bool:
        """Whether a scenario begins neither in the quarter of the book's last month nor in the one
        after it: it is run on from that month all the same."""
        last, first = quarter_of(self.as_of), quarter_of(scenario.quarters[0].quarter)
        return last is not None and first is not None and first - last not in (0, 1)

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return self.model_dump(mode="json")


def told_link(chosen: Chosen, rates: str, rho_source: str) -> LinkTold:
    """The link as it is told."""
    link = chosen.link
    model = link.model if isinstance(link, SatelliteLink) else chosen.tried
    drivers = (
        model.drivers if model else link.drivers if not isinstance(link, SatelliteLink) else ()
    )
    values: dict[str, Any] = {"drivers": tuple(each.name for each in drivers), "why": chosen.why}
    if model is not None:
        values |= {
            "rates": rates,
            "lags": model.lags,
            "slopes": model.slopes,
            "held_at_zero": model.held_at_zero,
            "fitted_error": model.fitted_error,
            "error": model.error,
            "naive_error": model.naive_error,
        }
    if isinstance(link, SatelliteLink):
        return LinkTold(kind="satellite", **values)
    past = [link.past(each) for each in link.drivers]
    return LinkTold(
        kind="factor",
        rho=link.rho,
        rho_source=rho_source,
        worse=tuple("up" if each.sign > 0 else "down" for each in link.drivers),
        means=tuple(mean for mean, _ in past),
        deviations=tuple(deviation for _, deviation in past),
        deviation_of_mean=link.deviation_of_mean,
        **values,
    )


def told_scenario(
    under: Under, file: str, terms: Sequence[tuple[Term, ...]], **more: Any
) -> ScenarioTold:
    """A scenario as it is told: what its odds are made of (Q,), and `more`, of new business."""
    run, ratios = under.projection, under.capital_ratios
    quarters = tuple(
        Quarter(
            quarter=quarter_text(int(quarter)),
            log_odds=float(under.log_odds[at]),
            exposure=float(run.exposure[at + 1]),
            stage2=float(run.stage2[at + 1]),
            late=float(run.late[at + 1]),
            shift=float(run.shifts.later[at]),
            default_shift=float(run.shifts.default[at]),
            met=float(run.shifts.met[at]),
            defaulted=float(run.defaulted[at]),
            loss=float(run.loss[at]),
            allowance=float(run.allowance[at + 1]),
            lifetime=float(run.lifetime[at + 1]),
            capital=float(run.capital[at + 1]),
            income=float(under.income[at]),
            capital_ratio=_finite(float(ratios[at + 1])),
            terms=terms[at],
        )
        for at, quarter in enumerate(under.quarters)
    )
    return ScenarioTold(
        name=under.scenario,
        file=file,
        quarters=quarters,
        loss=under.loss,
        loss_rate=under.loss_rate,
        allowance=under.allowance,
        allowance_rate=under.allowance_rate,
        capital=under.capital,
        profit=under.profit,
        capital_ratio=_finite(under.capital_ratio),
        **more,
    )


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None
