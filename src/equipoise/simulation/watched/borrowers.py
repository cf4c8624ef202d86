"""Borrowers month by month, some of whom lose their work: what is true, and what is seen of it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import as_file, files

import numpy as np
import polars as pl

from equipoise.documents import Document, read_document
from equipoise.numeric.arrays import BoolArray, FloatArray, IntArray
from equipoise.simulation.streams import Streams
from equipoise.simulation.watched.tables import first_day

LATE = 30


class Work(Document):
    """How work is lost and found, and how long one lasts without."""

    loss: float
    loss_sd: float
    again: float
    buffer_median: float
    buffer_sd: float
    refill: float


class Paying(Document):
    """Chances a month."""

    forgets: float
    exhausted: float
    strained: float
    sudden: float
    resumes: float


class Signs(Document):
    """What the lender sees."""

    salary_seen: float
    inflow_noise: float
    benefit: float
    odd_month: float
    utilisation: float
    utilisation_sd: float
    utilisation_noise: float
    drawing: float
    paying_back: float
    minimum_only: float
    minimum_only_strained: float
    enquiries: float
    enquiries_strained: float


class Seeds(Document):
    """A range of seeds, both ends included."""

    first: int
    last: int


class BorrowerTruth(Document):
    """What may be reached, and what is promised."""

    ahead: int
    listed: float
    knows_everything: tuple[float, float]
    days_late_alone: float
    list: float
    tuning: Seeds
    unseen: Seeds


class BorrowerParameters(Document):
    """Everything the borrowers are made of."""

    borrowers: int
    months: int
    burn_in: int
    regions: dict[str, float]
    unemployment: float
    unemployment_sd: float
    unemployment_persistence: float
    work: Work
    repayment: Paying
    signs: Signs
    truth: BorrowerTruth


@dataclass(frozen=True, slots=True)
class Borrowers:
    """What is told, one row per borrower and month, and the truth, (T, N): `days` late, whether one
    is at `work`, the `buffer` in months, whether one `stopped` paying whatever one has, and the
    `hazard` of losing work."""

    table: pl.DataFrame
    days: IntArray
    work: BoolArray
    buffer: FloatArray
    stopped: BoolArray
    hazard: FloatArray


def borrower_parameters() -> BorrowerParameters:
    """Ours."""
    ours = files("equipoise.simulation.watched").joinpath("borrowers.yaml")
    with as_file(ours) as path:
        return read_document(path, BorrowerParameters).value


def borrowers(seed: int, parameters: BorrowerParameters | None = None) -> Borrowers:
    """Let them live. The same seed gives the same lives."""
    of = parameters or borrower_parameters()
    world = _World(of, seed)
    months = [world.month(at) for at in range(of.burn_in + of.months)][of.burn_in :]
    observed = pl.concat([each.observed for each in months])
    return Borrowers(
        observed,
        *(np.stack([getattr(each, name) for each in months]) for name in _TRUE),
    )


_TRUE = ("days", "work", "buffer", "stopped", "hazard")


@dataclass(frozen=True, slots=True)
class _Month:
    observed: pl.DataFrame
    days: IntArray
    work: BoolArray
    buffer: FloatArray
    stopped: BoolArray
    hazard: FloatArray


class _World:
    """The borrowers' state as it stands, moved on by a month at a time."""

    def __init__(self, of: BorrowerParameters, seed: int) -> None:
        self._of, self._streams = of, Streams(seed, of.borrowers)
        n, streams, signs = of.borrowers, self._streams, of.signs
        self._region = (streams.uniform("region") * len(of.regions)).astype(np.int64)
        often = np.array(list(of.regions.values()))[self._region]
        noise = of.work.loss_sd * streams.normal("loss") - of.work.loss_sd**2 / 2
        self._own = of.work.loss * often * np.exp(noise)
        self._usual = of.work.buffer_median * np.exp(of.work.buffer_sd * streams.normal("buffer"))
        self._salary = np.where(
            streams.uniform("salary seen") < signs.salary_seen,
            2600 * np.exp(0.4 * streams.normal("salary")),
            np.nan,
        )
        self._usual_use = np.clip(
            signs.utilisation + signs.utilisation_sd * streams.normal("use"), 0.02, 0.95
        )
        self._works, self._buffer = np.ones(n, dtype=bool), self._usual.copy()
        self._use, self._days = self._usual_use.copy(), np.zeros(n, dtype=np.int64)
        self._stopped = np.zeros(n, dtype=bool)
        self._economy = np.zeros(len(of.regions))

    def month(self, at: int) -> _Month:
        """Live through month `at`, which counts from the burn-in's first."""
        hazard = self._work(at)
        self._pay(at)
        observed = self._observed(at)
        return _Month(
            observed, self._days.copy(), self._works.copy(), self._buffer.copy(),
            self._stopped.copy(), hazard,
        )  # fmt: skip

    def _lots(self, name: str, at: int) -> FloatArray:
        return np.asarray(self._streams.generator(name, at + 1).random(self._days.size))

    def _work(self, at: int) -> FloatArray:
        of, persistence = self._of.work, self._of.unemployment_persistence
        fresh = self._streams.generator("economy", at + 1).standard_normal(self._economy.size)
        self._economy = persistence * self._economy + np.sqrt(1 - persistence**2) * fresh
        worse = np.exp(self._of.unemployment_sd * self._economy)[self._region]
        hazard = np.minimum(self._own * worse, 0.5)
        lots = self._lots("work", at)
        self._works = np.where(self._works, lots >= hazard, lots < of.again)
        spent = np.where(self._works, self._buffer + of.refill, self._buffer - 1)
        self._buffer = np.clip(spent, 0.0, self._usual)
        return np.asarray(hazard)

    def _pay(self, at: int) -> None:
        of, lots = self._of.repayment, self._lots("pays", at)
        self._stopped |= self._lots("sudden", at) < of.sudden
        broke = ~self._works & (self._buffer <= 0)
        misses = np.where(broke, lots < of.exhausted, False)
        misses |= self._stopped & (lots >= of.resumes)
        self._stopped &= misses
        some_days = np.where(self._works, of.forgets, of.strained)
        late = self._lots("some days", at) < some_days
        few = 1 + (14 * self._lots("how late", at)).astype(np.int64)
        behind = np.where(self._days >= LATE, self._days + 30, np.where(self._days >= 15, 45, 15))
        self._days = np.where(misses, behind, np.where(late, few, 0))

    def _observed(self, at: int) -> pl.DataFrame:
        of, strained = self._of.signs, ~self._works
        generator = self._streams.generator("signs", at + 1)
        n = self._days.size
        noise = np.exp(of.inflow_noise * generator.standard_normal(n))
        odd = generator.random(n) < of.odd_month
        twice = np.where(generator.random(n) < 0.5, 0.0, 2.0)
        inflow = self._salary * noise * np.where(self._works, 1.0, of.benefit)
        moved = np.where(strained, of.drawing, -of.paying_back)
        self._use = np.clip(np.maximum(self._use + moved, self._usual_use), 0.0, 1.0)
        seen = np.clip(self._use + of.utilisation_noise * generator.standard_normal(n), 0.0, 1.0)
        least = np.where(strained, of.minimum_only_strained, of.minimum_only)
        asked = np.where(strained, of.enquiries_strained, of.enquiries)
        jobless = self._of.unemployment * np.exp(self._of.unemployment_sd * self._economy)
        names = list(self._of.regions)
        return pl.DataFrame(
            {
                "month": pl.repeat(first_day(max(at - self._of.burn_in, 0)), n, eager=True),
                "borrower": np.arange(n),
                "region": pl.Series(names).gather(self._region),
                "days": self._days.astype(float),
                "inflow": pl.Series(np.where(odd, inflow * twice, inflow)).fill_nan(None),
                "utilisation": seen,
                "minimum_only": generator.random(n) < least,
                "enquiries": generator.poisson(asked).astype(float),
                "unemployment": jobless[self._region],
            }
        )
