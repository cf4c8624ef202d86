"""Facts of simulated applicants, for any contract: the synthetic lender's where a field bears its
name, else drawn from what the contract says of the field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from random import Random
from typing import TYPE_CHECKING, Any

from equipoise.contract import Contract, Field

if TYPE_CHECKING:
    import polars as pl

_MOST = 100_000.0  # of a number without an upper end
_HIGH_USE = 0.5  # of credit lines
_DEBTS, _TAKINGS = "debt_payments", "monthly_takings"
_BURDENS = {"dti": "monthly_income", "debts_to_takings": _TAKINGS}  # debts as a share of what
_ELSEWHERE = ("bureau", "bank")
_FACTORS = ("score_factor_1", "score_factor_2")
_SEEDS = 2**31
_KINDS: Mapping[str, tuple[type, ...]] = {
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "date": (date,),
    "string": (str,),
}


def drawn(
    contract: Contract, applicants: int, seed: int, on: date | None = None
) -> Iterator[dict[str, Any]]:
    """The facts of so many simulated applicants, by field; the same seed gives the same.

    What is about the loan's later life is left out, as are the identifier and the date. Days are
    `on`, the one on which they apply, today where none is given.
    """
    day = on or date.today()
    for number, row in enumerate(_applications(contract, applicants, seed).iter_rows(named=True)):
        dice = Random(f"{seed}.{number}")  # noqa: S311 - nothing secret
        values = {**row, **_lowered(row)}
        yield {field.name: _fact(field, values, dice, day) for field in _asked(contract)}


def _applications(contract: Contract, applicants: int, seed: int) -> pl.DataFrame:
    """Of the synthetic lender that the contract's fields speak of."""
    from equipoise.simulation import businesses, simulate

    if any(field.name == _TAKINGS for field in contract.fields):
        return businesses(applicants, seed)[0]
    return simulate(applicants, seed).applications()


@dataclass(frozen=True, slots=True)
class Temper:
    """What an applicant is like, as chances: that they see an application through, pass what is
    checked, take what they are offered, and do not pay back."""

    completes: float
    passes: float
    takes: float
    defaults: float


def tempers(applicants: int, seed: int) -> Iterator[Temper]:
    """What each of the same applicants is like."""
    from equipoise.simulation import simulate

    truth = simulate(applicants, seed).known_truth()
    columns = truth.select("given_completion", "given_passes", "given_take_up", "given_pd")
    return (Temper(*row) for row in columns.iter_rows())


def known_elsewhere(contract: Contract, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Those of an applicant's facts that they are not asked for: what a bureau or a bank knows."""
    return {
        field.name: _plain(facts[field.name])
        for field in _asked(contract)
        if field.source != "applicant" and facts.get(field.name) is not None
    }


def imagined(
    contract: Contract, reference: str, known: Mapping[str, Any], on: date | None = None
) -> dict[str, Any]:
    """What a bureau that is made up says of whoever has that reference: always the same; days are
    `on`."""
    seed = int.from_bytes(sha256(reference.encode()).digest()[:8], "big") % _SEEDS
    (facts,) = drawn(contract, 1, seed, on)
    return known_elsewhere(contract, {**facts, **_burden(known)})


def _asked(contract: Contract) -> list[Field]:
    """The fields that say something of a person or of the loan they ask for; of those that no
    model and no rule reads, what others know."""
    return [
        field
        for field in contract.fields
        if field.name != contract.date
        and (
            field.use in ("feature", "audit")
            or (field.use == "ignore" and field.source in _ELSEWHERE)
        )
    ]


def _lowered(row: Mapping[str, Any]) -> dict[str, str | None]:
    """What the synthetic lenders' bureau says lowered a score, the weightiest first."""
    since, use = row.get("months_since_delinquency"), row.get("utilisation")
    causes = {
        "LATE_PAYMENTS": since is not None,
        "LATE_INVOICES": (row.get("late_invoices") or 0) > 0,
        "HIGH_USE": use is not None and use > _HIGH_USE,
        "ENQUIRIES": (row.get("enquiries") or 0) > 1,
        "SHORT_HISTORY": True,
    }
    codes = [code for code, holds in causes.items() if holds]
    return {**dict.fromkeys(_FACTORS), **dict(zip(_FACTORS, codes, strict=False))}


def _fact(field: Field, row: Mapping[str, Any], dice: Random, day: date) -> Any:
    if field.name in row and _fits(field, row[field.name]):
        return row[field.name]
    if field.values:
        return dice.choice(field.values)
    if field.type == "boolean":
        needed = bool(field.accepts) and field.missing == "refuse"  # nobody gets past its page
        return needed or dice.random() < 0.5
    if field.type == "date":
        return day
    if field.type == "string":
        return f"as {field.name} says"
    low, high = field.range or (None, None)
    least, most = _number(low, 0.0), _number(high, _MOST)
    value = least + (most - least) * dice.random()
    return int(value) if field.type == "integer" else float(round(value))


def _fits(field: Field, value: Any) -> bool:
    if value is None:
        return field.missing == "allow"
    if field.values:
        return value in field.values
    return isinstance(value, _KINDS[field.type])


def _number(bound: Any, otherwise: float) -> float:
    return float(bound) if isinstance(bound, (int, float)) else otherwise


def _burden(known: Mapping[str, Any]) -> dict[str, Any]:
    """As the synthetic lenders work it out of what was typed."""
    debts = known.get(_DEBTS)
    if debts is None:
        return {}
    whole = {name: known.get(income) for name, income in _BURDENS.items()}
    return {name: round(float(debts) / float(each), 4) for name, each in whole.items() if each}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
