"""The best prices: projected Newton on the smoothed bound, cooled on growing samples.

A sample of n applicants fixes the prices to about 1/sqrt(n), so a small one suffices while the
temperature is high; each next sample is four times larger and starts where the last one ended.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.balance.kernels import smallest_quadratic
from equipoise.balance.lagrangian import Lagrangian, Slope
from equipoise.balance.problem import Problem, Row
from equipoise.numeric.arrays import FloatArray

SMALLEST = 1000  # applicants in the first sample
SMALLEST_WARM = 10_000
GROWTH = 4
COOLING = 0.3
STEPS = 8
HOTTEST = 0.3  # of a typical applicant's range of value
WARM = 0.003
LEAVING = 2.0  # a sample of n is left when this times sqrt(n) applicants are between treatments
MIXED = 30  # applicants left between treatments when cooling ends: few, so that little is lost
MIXED_OF_MANY = 150  # where a few are a smaller part, and each further pass costs more
MANY = 50_000
# of the bound, what smoothing can still cost when cooling on is no longer worth a pass; among
# many equal applicants some always stay between treatments
IDLE = 1e-9
IDLE_TIED = 1e-7
TIED = 0.02
COLDEST = 1e-11  # of the temperature at the start
SEED = 20240229  # samples are drawn, yet the same problem always gets the same answer


@dataclass(frozen=True, slots=True)
class Dual:
    """Prices near the best, with the temperature and the slope they were found at."""

    prices: FloatArray
    tau: float
    slope: Slope
    converged: bool


Drawn = tuple[Lagrangian, Dual]  # a sample and its prices


def best_prices(lagrangian: Lagrangian, start: FloatArray | None = None) -> Dual:
    """Prices that nearly minimise the bound; `start` are prices of a similar problem."""
    everyone = lagrangian.applicants
    left = MIXED if everyone < MANY else MIXED_OF_MANY
    prices, tau, _ = sampled_prices(lagrangian, start)
    dual = cool(lagrangian, prices, tau, until=left / everyone)
    if start is None or dual.converged:
        return dual
    cold = best_prices(lagrangian)  # a start can be so far off that no step from it goes far
    return min(dual, cold, key=lambda each: each.slope.bound)


def sampled_prices(
    lagrangian: Lagrangian, start: FloatArray | None = None, part: int = GROWTH
) -> tuple[FloatArray, float, Drawn | None]:
    """Prices and temperature that growing samples give, the last at most a `part` of everybody.

    Also gives the last sample with its dual; None where there are too few applicants to draw one.
    """
    everyone = lagrangian.applicants
    spread = value_spread(lagrangian.problem)
    if start is None:
        prices, tau, smallest = np.zeros(len(lagrangian.limit)), HOTTEST * spread, SMALLEST
    else:  # near enough to gain nothing from samples that are smaller still
        prices, tau, smallest = np.maximum(start, 0.0), WARM * spread, SMALLEST_WARM
    rng = np.random.default_rng(SEED)
    drawn = None
    for size in sample_sizes(everyone, smallest):
        if drawn is not None and size * part > everyone:
            break
        few = sample(lagrangian, size, rng)
        dual = cool(few, prices, tau, until=LEAVING * size**-0.5)
        prices, tau, drawn = dual.prices, dual.tau, (few, dual)
    return prices, tau, drawn


def sample_sizes(everyone: int, smallest: int) -> list[int]:
    """Growing sample sizes, each a quarter of the next and the last a quarter of everyone."""
    sizes = []
    while everyone >= GROWTH * smallest:
        everyone //= GROWTH
        sizes.append(everyone)
    return sizes[::-1]


def sample(lagrangian: Lagrangian, size: int, rng: np.random.Generator) -> Lagrangian:
    """A weighted sample that keeps enough of the applicants whom narrow rows concern."""
    part, weight = lagrangian.passes.sample(size, rng)
    limits = zip(part.rows, lagrangian.limit.tolist(), strict=True)
    rows = [Row(row.name, row.usage, limit, row.where) for row, limit in limits]
    weight = weight * (lagrangian.applicants / weight.sum())
    return Lagrangian(part.with_rows(rows), scale=lagrangian.scale, weight=weight)


def cool(lagrangian: Lagrangian, prices: FloatArray, tau: float, until: float) -> Dual:
    """Lower the temperature until at most a share `until` of applicants is between treatments."""
    enough = until * lagrangian.applicants_represented
    coldest = COLDEST * tau
    slope = None
    while True:
        dual = newton(lagrangian, prices, tau, slope=slope, loosely=True)
        prices, slope = dual.prices, dual.slope
        tied = slope.mixed > TIED * lagrangian.applicants_represented
        idle = tau * slope.mixed <= (IDLE_TIED if tied else IDLE) * abs(slope.bound)
        if slope.mixed <= enough or idle or tau <= coldest:
            return newton(lagrangian, prices, tau, slope=slope)
        tau, slope = tau * COOLING, None


def newton(
    lagrangian: Lagrangian,
    prices: FloatArray,
    tau: float,
    *,
    slope: Slope | None = None,
    ridge: float = 0.0,
    loosely: bool = False,
) -> Dual:
    """Projected Newton steps on the smoothed bound, damped where it is flat.

    `slope` is the one at `prices`, where it is known. `ridge` adds ridge / 2 times the squared
    scaled prices to what is minimised. `loosely` stops within about a tenth of the temperature of
    the best prices, enough to go on cooling.
    """
    scale = lagrangian.scale
    limit = lagrangian.limit / scale
    x = prices * scale
    slope = slope or lagrangian.slope(prices, tau)
    damping = 1e-9
    flat = 1e-6 * lagrangian.applicants_represented / tau
    for _ in range(STEPS):
        gradient = limit - slope.used + ridge * x
        residual = np.where((x > 0) | (gradient < 0), gradient, 0.0)
        near = lagrangian.noise(slope)
        if loosely:
            near = np.maximum(near, 0.1 * np.diag(slope.covariance))
        if np.all(np.abs(residual) <= near):
            return Dual(x / scale, tau, slope, converged=True)
        curvature = slope.covariance / tau
        firm = ridge + damping * np.maximum(np.diag(curvature), flat) + 1e-9 * flat
        step = smallest_quadratic(curvature + np.diag(firm), gradient, x, 1000) - x
        now = slope.smooth + 0.5 * ridge * (x @ x)
        for shorter in (1.0, 0.3, 0.1, 0.03, 0.01):
            to = x + shorter * step
            new = lagrangian.slope(to / scale, tau)
            enough = 1e-4 * shorter * (gradient @ step) + 1e-13 * abs(now)
            if new.smooth + 0.5 * ridge * (to @ to) <= now + enough:
                x, slope = to, new
                damping = max(damping * (0.1 if shorter == 1.0 else 10.0), 1e-12)
                break
        else:
            damping = max(damping * 1e3, 1e-4)
    return Dual(x / scale, tau, slope, converged=False)


def value_spread(problem: Problem, most: int = 2000) -> float:
    """A typical applicant's distance between the best and the worst treatment, never zero."""
    step = max(1, problem.shape[0] // most)
    value = problem.value[::step].astype(np.float64)
    if problem.allowed is not None:
        allowed = problem.allowed if problem.allowed.ndim == 1 else problem.allowed[::step]
        value = np.where(allowed, value, np.nan)
    ranges = np.nanmax(value, axis=1) - np.nanmin(value, axis=1)
    return float(np.median(ranges)) or float(np.mean(ranges)) or 1.0
