"""From a scenario to odds of default: a satellite model of rates, or one factor with stated rho."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from scipy.special import logit, ndtr, ndtri

from equipoise.errors import BadInput, did_you_mean
from equipoise.numeric.arrays import FloatArray
from equipoise.portfolio import (
    LEAST_QUARTERS,
    Driver,
    MacroPath,
    Satellite,
    fit_satellite,
    quarter_text,
    vasicek_rate,
)

NO_DRIVER = "every driver moves the rates the wrong way in the past, or not at all"
NO_BETTER = "out of time the model is no better than the mean of its past"


class TooFewRates(BadInput):
    """There are too few quarters with a default rate to fit a satellite on."""


class Link(Protocol):
    """How far the log-odds of a quarter's default move in a scenario, from where they are."""

    def log_odds(self, path: MacroPath, scale: float = 1.0) -> FloatArray:
        """(Q,): what is added to the log-odds of default within each quarter of `path`.

        `scale` stretches the scenario along its own path away from the last quarter before it: 0
        holds the economy where it is, 1 is the scenario as written. Raises BadInput for a variable
        that the scenario lacks, or a gap in one.
        """


def stretched(path: MacroPath, history: MacroPath, scale: float) -> MacroPath:
    """The path, its distance from the last quarter of the past before it times `scale`.

    Raises BadInput where the past ends before the quarter that the path follows on.
    """
    start = quarter_before(history, path)
    shared = tuple(name for name in path.names if name in history.names)
    now = np.array([history.series(name)[start] for name in shared])
    values = np.column_stack([path.series(name) for name in shared])
    return replace(path, names=shared, values=now + scale * (values - now))


@dataclass(frozen=True, slots=True)
class SatelliteLink:
    """A satellite model: odds move by what it says between the last quarter and the scenario's."""

    model: Satellite
    history: MacroPath

    def log_odds(self, path: MacroPath, scale: float = 1.0) -> FloatArray:
        """As `Link` says."""
        drivers = [each.name for each in self.model.drivers]
        refuse_gaps(path, drivers)
        before = self.history.quarters < path.quarters[0]
        whole = stretched(path, self.history, scale).after(self.history)
        score = logit(self.model.rates(whole))
        now = int(before.sum()) - 1
        if now < 0 or not np.isfinite(score[now:]).all():
            raise BadInput(
                f"the past before {quarter_text(int(path.quarters[0]))} is too short for the "
                f"lags of the model, or has gaps there",
                field="history",
                mend="give a history that ends with the quarter before the scenario",
            )
        return np.asarray(score[now + 1 :] - score[now])


@dataclass(frozen=True, slots=True)
class FactorLink:
    """One factor: the mean of the drivers in standard deviations of their past, worse below 0.

    The mean PD today (`pd`, of a year) holds for the factor as it is; rho is stated, not measured.
    Source: Vasicek 2002, Risk 15.
    """

    drivers: tuple[Driver, ...]
    history: MacroPath
    rho: float
    pd: float

    def factors(self, path: MacroPath) -> FloatArray:
        """The systematic factor in each quarter of a path (T,)."""
        z = np.column_stack([self._standard(each, path) for each in self.drivers])
        return np.asarray(z.mean(axis=1) / self.deviation_of_mean)

    @property
    def deviation_of_mean(self) -> float:
        """How far the drivers' mean, each in its own standard deviations, strayed in the past."""
        z = np.column_stack([self._standard(each, self.history) for each in self.drivers])
        return float(z[np.isfinite(z).all(axis=1)].mean(axis=1).std(ddof=1))

    def past(self, driver: Driver) -> tuple[float, float]:
        """Mean and standard deviation of a driver. Raises BadInput where it never moved."""
        past = self.history.series(driver.name)
        past = past[np.isfinite(past)]
        if past.size < 2 or past.std(ddof=1) <= 0:
            raise BadInput(f"'{driver.name}' never moved in the past", field=driver.name)
        return float(past.mean()), float(past.std(ddof=1))

    def log_odds(self, path: MacroPath, scale: float = 1.0) -> FloatArray:
        """As `Link` says."""
        refuse_gaps(path, [each.name for each in self.drivers])
        start = quarter_before(self.history, path)
        now = float(self.factors(self.history)[start])
        if not np.isfinite(now):
            raise BadInput("the last quarter of the past has a gap", field="history")
        pd = np.clip(np.array([self.pd]), 1e-9, 1 - 1e-9)
        # what the PD would be at a factor of 0, from what it is at today's
        mean = ndtr(np.sqrt(1 - self.rho) * ndtri(pd) + np.sqrt(self.rho) * now)
        moved = self.factors(stretched(path, self.history, scale))
        rates = np.array([float(vasicek_rate(mean, self.rho, float(z))[0]) for z in moved])
        return np.asarray(_quarterly(np.clip(rates, 1e-12, 1 - 1e-12)) - _quarterly(pd))

    def _standard(self, driver: Driver, path: MacroPath) -> FloatArray:
        mean, deviation = self.past(driver)
        return np.asarray(-driver.sign * (path.series(driver.name) - mean) / deviation)


def _quarterly(pd: FloatArray) -> FloatArray:
    """The log-odds to default within a quarter, four of which make PDs of a year."""
    return np.asarray(logit(-np.expm1(np.log1p(-pd) / 4)))


def fitted_link(
    drivers: tuple[Driver, ...],
    history: MacroPath,
    rates: FloatArray,
    *,
    most_lag: int,
    held_out: int,
) -> SatelliteLink:
    """A link by a satellite of default rates (T,) of the history's quarters. Raises TooFewRates,
    and BadInput for a driver that the past does not tell."""
    refuse_unknown(
        history,
        [each.name for each in drivers],
        "the past",
        or_else="say under `names` what a series of the past is called in scenarios",
    )
    seen = int(np.isfinite(rates).sum())
    if seen < held_out + LEAST_QUARTERS:
        raise TooFewRates(
            f"{seen} quarters with a default rate; {held_out + LEAST_QUARTERS} are needed"
        )
    model = fit_satellite(rates, history, drivers, most_lag=most_lag, held_out=held_out)
    return SatelliteLink(model, history)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The link that is used, and, where it is not a satellite of the rates, why: `why` is empty
    otherwise. `tried` is a satellite that was fitted and is not used."""

    link: SatelliteLink | FactorLink
    why: str = ""
    tried: Satellite | None = None


def chosen_link(fitting: Callable[[], SatelliteLink], otherwise: FactorLink) -> Chosen:
    """The satellite, where there is enough to fit one and it says more out of time than the mean
    of its past; else the one factor with its stated rho."""
    try:
        link = fitting()
    except TooFewRates as error:
        return Chosen(otherwise, error.message)
    model = link.model
    if len(model.held_at_zero) == len(model.drivers):
        return Chosen(otherwise, NO_DRIVER, model)
    if model.error >= model.naive_error:
        return Chosen(otherwise, NO_BETTER, model)
    return Chosen(link)


def refuse_unknown(
    path: MacroPath, names: list[str], where: str, *, at_file: bool = False, or_else: str = ""
) -> None:
    """Raises BadInput for a driver that a file does not tell; `or_else` mends it where
    none is called nearly so."""
    for name in names:
        if name not in path.names:
            near = did_you_mean(name, path.names)
            raise BadInput(
                f"{where} has no variable '{name}'",
                where=path.place() if at_file else None,
                field="drivers",
                mend=near if near.endswith("?") else "; or ".join(filter(None, (near, or_else))),
            )


def refuse_gaps(path: MacroPath, names: list[str]) -> None:
    """Raises BadInput for a driver that a scenario lacks, or has no figure of in some quarter."""
    refuse_unknown(path, names, f"the scenario '{path.scenario}'", at_file=True)
    for name in names:
        gap = np.flatnonzero(~np.isfinite(path.series(name)))
        if gap.size:
            raise BadInput(
                f"the scenario '{path.scenario}' has no '{name}' in "
                f"{quarter_text(int(path.quarters[gap[0]]))}",
                where=path.place(int(gap[0])),
                field=name,
                mend="give every quarter of a variable that the book follows",
            )


def quarter_before(history: MacroPath, path: MacroPath) -> int:
    """The place in the past of the quarter before the scenario's first. Raises BadInput where the
    past has none."""
    at = int(path.quarters[0]) - 1 - int(history.quarters[0])
    if not 0 <= at < history.quarters.size:
        raise BadInput(
            f"the scenario '{path.scenario}' begins in {quarter_text(int(path.quarters[0]))}, and "
            f"the past ends with {quarter_text(int(history.quarters[-1]))}",
            where=path.place(0),
            field="history",
            mend="give a history that ends with the quarter before the scenario, or later",
        )
    return at
