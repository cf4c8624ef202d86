"""A lender of 20 treatments in figures, and applications of it in a Parquet file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from equipoise.balance.applications import MeasuredLimit, ParquetApplications
from equipoise.documents import Loaded, Quantity
from equipoise.experience import ExperienceFit, FittedCheck, FittedStep, FittedTakeUp
from equipoise.value.compiled import Valuer, figures_of
from equipoise.value.model import ValueModel, value_model
from equipoise.value.treatments import (
    Amount,
    ApplicantSection,
    Journey,
    LenderSection,
    Price,
    Single,
    TreatmentsDocument,
)

GROUP = 500_000  # rows of a row group


def _of(value: float) -> Quantity:
    return Quantity(value=value, source="made up")


def _document() -> TreatmentsDocument:
    """Decline, 3 prices x 3 amounts x 2 journeys, and a referral: 20."""
    return TreatmentsDocument(
        applicant=ApplicantSection(
            amount="amount", term_months="months", monthly_income="income", apr="apr", today="today"
        ),
        lender=LenderSection(
            funding_rate=_of(0.031),
            operating_cost=_of(35.0),
            cost_of_capital=_of(0.12),
            underwriter_hour_cost=_of(48.0),
        ),
        journeys=(
            Journey(name="quick", steps=("form",), wait_days=0.1, cost=2.5),
            Journey(name="full", steps=("form", "papers"), checks=("income",), wait_days=2.0),
            Journey(name="person", steps=("form",), checks=("call",), wait_days=4.0, grid=False),
        ),
        prices=(
            Price(name="down", add=-0.02, floor=0.05),
            Price(name="base", add=0.0),
            Price(name="up", add=0.03, cap=0.3),
        ),
        amounts=(
            Amount(name="half", share=0.5),
            Amount(name="all", share=1.0),
            Amount(name="more", share=1.5),
        ),
        extra=(Single(name="refer", journey="person", price="base", amount="all"),),
    )


def _experience() -> ExperienceFit:
    def check(name: str, sensitivity: float, hours: float) -> FittedCheck:
        return FittedCheck(
            name=name,
            minutes=_of(7.0),
            cost=_of(1.5),
            drop_off=_of(0.06),
            sensitivity=_of(sensitivity),
            false_alarm=_of(0.04),
            questions=3,
            underwriter_hours=hours,
            manual=hours > 0,
        )

    return ExperienceFit(
        steps=(
            FittedStep(name="form", minutes=6.0, questions=14, activity=None, drop_off=_of(0.11)),
            FittedStep(name="papers", minutes=9.0, questions=3, activity=None, drop_off=_of(0.08)),
        ),
        checks=(check("income", 0.3, 0.0), check("call", 0.4, 0.5)),
        hazard_per_day=_of(0.03),
        acceptance_per_day=_of(0.02),
        take_up=FittedTakeUp(
            reference_apr=0.12,
            intercept=_of(0.8),
            price=_of(-14.0),
            amount=_of(1.3),
            waiting=_of(-0.07),
            risk=_of(0.25),
        ),
    )


def model() -> ValueModel:
    """The lender's value model over a window of 12 months."""
    document = Loaded(_document(), {}, "treatments.yaml")  # type: ignore[arg-type]
    return value_model(document, _experience(), 12.0, (_of(4.0), _of(1.5)), {})


def write_applications(path: Path, applicants: int, seed: int = 7) -> None:
    """Six figures of each application and whether it is new business, in row groups."""
    import pyarrow as pa
    from pyarrow import parquet

    rng, writer = np.random.default_rng(seed), None
    for start in range(0, applicants, GROUP):
        frame = _drawn(min(GROUP, applicants - start), rng)
        table: pa.Table = frame.to_arrow()
        writer = writer or parquet.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()


def _drawn(size: int, rng: np.random.Generator) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "pd": 1 / (1 + np.exp(-np.clip(rng.normal(-3, 1.2, size), -8, 3))),
            "lgd": rng.uniform(0.35, 0.8, size),
            "amount": np.round(rng.lognormal(8.5, 0.7, size), 2),
            "months": rng.choice([12.0, 24.0, 36.0, 48.0, 60.0, 84.0], size),
            "income": np.round(rng.lognormal(7.8, 0.5, size), 2),
            "apr": np.round(rng.uniform(0.06, 0.25, size), 4),
            "new_business": rng.random(size) < 0.3,
        }
    )


def valuer_of_lender() -> Valuer:
    """The lender's value model, compiled."""
    value = model()
    return Valuer(figures_of(value, 0.0), value.menu)


def six_limits(size: int) -> list[MeasuredLimit]:
    """Loss rate, capital, hours, price, approvals and new business of `size` applicants."""
    return [
        MeasuredLimit("loss rate", {"expected_loss": 1.0, "exposure": -0.035}, 0.0),
        MeasuredLimit("capital", {"capital": 1.0}, 160.0 * size),
        MeasuredLimit("hours", {"underwriter_hours": 1.0}, 0.02 * size),
        MeasuredLimit("average price", {"price": 1.0, "booked": -0.15}, 0.0),
        MeasuredLimit("good customers", {"good_customers_served": -1.0}, -0.3 * size),
        MeasuredLimit("new business", {"exposure": 1.0}, 600.0 * size, where="new_business"),
    ]


def ten_limits(size: int) -> list[MeasuredLimit]:
    """Six, and four more: new business's loss rate, its hours and its capital, and all minutes."""
    new = "new_business"
    return [
        *six_limits(size),
        MeasuredLimit("new loss rate", {"expected_loss": 1.0, "exposure": -0.03}, 0.0, new),
        MeasuredLimit("new hours", {"underwriter_hours": 1.0}, 0.004 * size, new),
        MeasuredLimit("new capital", {"capital": 1.0}, 40.0 * size, new),
        MeasuredLimit("minutes", {"minutes": 1.0}, 12.0 * size),
    ]


def applications(path: Path) -> ParquetApplications:
    """The file under six limits."""
    size = pl.scan_parquet(path).select(pl.len()).collect().item()
    return ParquetApplications(path, valuer_of_lender(), "profit", six_limits(size))
