"""The applicants to be treated: what the value model needs of each, as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from equipoise.documents import Loaded
from equipoise.errors import BadInput, Span, did_you_mean
from equipoise.experience import ExperienceFit
from equipoise.expression import compile as compile_expression
from equipoise.numeric.arrays import BoolArray, FloatArray
from equipoise.value.loans import instalment
from equipoise.value.treatments import TreatmentsDocument

if TYPE_CHECKING:
    import polars as pl


_PD_BOUNDS = (1e-6, 0.999)
MOST_MONTHS = 600


@dataclass(frozen=True, slots=True)
class Population:
    """Arrays (applicants,): `pd` before any check at today's terms, the terms today's policy
    gives (`apr`, `instalment`) and what was asked. `today` is a position on the menu; `eligible`
    is (applicants, treatments). `seen_pd` is the fitted PD as it stands beside outcomes.
    """

    pd: FloatArray
    seen_pd: FloatArray
    lgd: FloatArray
    amount: FloatArray
    months: FloatArray
    income: FloatArray
    apr: FloatArray
    instalment: FloatArray
    today: NDArray[np.intp]
    eligible: BoolArray

    @property
    def size(self) -> int:
        """Number of applicants."""
        return int(self.pd.size)

    def rows(self, keep: NDArray[np.intp]) -> Population:
        """Some of the applicants."""
        parts = {name: getattr(self, name)[keep] for name in self.__slots__}
        return replace(self, **parts)


def read_population(
    treatments: Loaded[TreatmentsDocument],
    frame: pl.DataFrame,
    types: Mapping[str, str],
    experience: ExperienceFit,
) -> Population:
    """Evaluate treatments.yaml's expressions on checked applications with `pd` and `lgd`.

    Raises BadInput naming file, line and field where an expression is not what it must be or an
    applicant lacks what the value model needs.
    """
    reader = _Reader(treatments, frame, {**types, "pd": "number", "lgd": "number"})
    amount = reader.positive("amount")
    months = np.round(reader.positive("term_months", MOST_MONTHS))
    income = reader.positive("monthly_income")
    apr = reader.positive("apr", 2.0)
    seen = np.clip(frame["pd"].to_numpy().astype(float), *_PD_BOUNDS)
    today = reader.today()
    acted = reader.share_acted()
    return Population(
        pd=_before_checks(seen, today, treatments.value, experience, acted),
        seen_pd=seen,
        lgd=frame["lgd"].to_numpy().astype(float),
        amount=amount,
        months=months,
        income=income,
        apr=apr,
        instalment=instalment(amount, apr, months),
        today=today,
        eligible=reader.eligible(today),
    )


def _before_checks(
    seen: FloatArray,
    today: NDArray[np.intp],
    document: TreatmentsDocument,
    experience: ExperienceFit,
    acted: float,
) -> FloatArray:
    """The PD before checks: in log-odds, passing a check adds ln((1 - se) / (1 - fa))."""
    shift = np.zeros(len(document.menu()))
    for k, treatment in enumerate(document.menu()):
        for name in treatment.journey.checks if treatment.journey else ():
            check = experience.check(name).check()
            shift[k] += np.log((1 - check.sensitivity) / (1 - check.false_alarm))
    given = shift[today]
    # nobody declined today was checked, yet their PD comes from the model of those who were
    lent = today != 0
    given = np.where(lent, given, given[lent].mean() if lent.any() else 0.0)
    log_odds = np.log(seen / (1 - seen)) - acted * given
    return np.asarray(1 / (1 + np.exp(-log_odds)))


class _Reader:
    """Evaluates the document's expressions and names whatever is wrong with what they give."""

    def __init__(
        self, treatments: Loaded[TreatmentsDocument], frame: pl.DataFrame, types: Mapping[str, str]
    ) -> None:
        self.loaded, self.frame, self.types = treatments, frame, types
        self.menu = treatments.value.menu()

    def positive(self, name: str, most: float = 1e12) -> FloatArray:
        import polars as pl

        where = self.loaded.span("applicant", name)
        values = self._column(getattr(self.loaded.value.applicant, name), where, name, ("number",))
        array = values.cast(pl.Float64).to_numpy()
        wrong = np.flatnonzero(~((array > 0) & (array <= most)))
        if wrong.size:
            raise BadInput(
                f"'{name}' is missing, not positive or above {most:g} for {wrong.size:,} "
                f"applicants, the first in row {wrong[0] + 1}",
                where=where,
                field=f"applicant.{name}",
                mend="use COALESCE and GREATEST, or refuse such rows in the contract",
            )
        return np.asarray(array)

    def today(self) -> NDArray[np.intp]:
        import polars as pl

        where = self.loaded.span("applicant", "today")
        text = self.loaded.value.applicant.today
        values = self._column(text, where, "today", ("string",))
        names = [each.name for each in self.menu]
        unknown = values.filter(~values.is_in(names) | values.is_null())
        if unknown.len():
            name = unknown[0]
            raise BadInput(
                f"today's policy gives '{name}', which is not on the menu"
                if name is not None
                else "today's policy gives no treatment to some applicants",
                where=where,
                field="applicant.today",
                mend=did_you_mean(str(name), names),
            )
        codes = values.replace_strict(names, list(range(len(names))), return_dtype=pl.Int64)
        today = codes.to_numpy().astype(np.intp)
        if not (today != 0).any():
            raise BadInput(
                "today's policy declines everybody",
                where=where,
                field="applicant.today",
                mend="say what is offered today",
            )
        return today

    def share_acted(self) -> float:
        import polars as pl

        text = self.loaded.value.applicant.checks_acted
        if text is None:
            return 1.0
        where = self.loaded.span("applicant", "checks_acted")
        values = self._column(text, where, "checks_acted", ("boolean",))
        if "bad" in self.frame.columns:
            values = values.filter(self.frame["bad"].is_not_null())
        mean = values.cast(pl.Float64).mean()
        return float(mean) if isinstance(mean, float) else 1.0

    def eligible(self, today: NDArray[np.intp]) -> BoolArray:
        masks: dict[str, BoolArray] = {}
        table = np.ones((self.frame.height, len(self.menu)), dtype=bool)
        for k, treatment in enumerate(self.menu):
            for text in treatment.eligible:
                if text not in masks:
                    where = self.loaded.span("journeys")
                    column = self._column(text, where, "eligible", ("boolean",))
                    masks[text] = column.fill_null(value=False).to_numpy()
                table[:, k] &= masks[text]
        nobody = np.flatnonzero(~table.any(axis=0))
        if nobody.size:
            name = self.menu[nobody[0]].name
            raise BadInput(
                f"nobody is eligible for '{name}'",
                where=self.loaded.span("journeys"),
                field="eligible",
                mend="loosen its expression or leave it out",
            )
        table[np.arange(today.size), today] = True  # what is done today can be done
        return table

    def _column(self, text: str, where: Span, field: str, kinds: tuple[str, ...]) -> pl.Series:
        expression = compile_expression(text, self.types, where=where)
        if expression.type not in kinds:
            raise BadInput(
                f"'{field}' is a {expression.type}, not a {kinds[0]}: {text}",
                where=where,
                field=field,
            )
        column = self.frame.select(expression.polars().alias("x"))["x"]
        return column.new_from_index(0, self.frame.height) if column.len() == 1 else column
