"""All checks in one pass, so that a person mends everything at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from equipoise.authority import authority_faults
from equipoise.contract import Contract
from equipoise.documents import Loaded
from equipoise.errors import BadInput, EquipoiseError, Faults, Span
from equipoise.experience import ExperienceDocument
from equipoise.expression import Expression
from equipoise.expression import compile as compile_expression
from equipoise.risk import RiskFit
from equipoise.strategy.checks.asking import asking_faults
from equipoise.strategy.checks.labels import label_faults
from equipoise.strategy.checks.namesakes import namesake_faults, namesake_notes
from equipoise.strategy.checks.order import Finding, Placed, never_or_always, shadowed, uncovered
from equipoise.strategy.checks.possible import truths, value_range
from equipoise.strategy.checks.products import product_faults, rate_faults
from equipoise.strategy.checks.ranges import Ranges, ranges_made, ranges_of
from equipoise.strategy.checks.references import Names, model_faults, treatment_faults
from equipoise.strategy.checks.words import foreign_sentences, word_faults
from equipoise.strategy.document import StrategyDocument
from equipoise.strategy.program import WORDS, Types, offered, readable_types, table_arms
from equipoise.value.treatments import Treatment, TreatmentsDocument

MANY = 0.5


@dataclass(frozen=True, slots=True)
class StrategyCheck:
    """Faults that forbid a seal, and notes that do not."""

    strategy: StrategyDocument
    faults: tuple[EquipoiseError, ...]
    notes: tuple[str, ...]

    def refuse(self) -> None:
        """Raise the faults, if any."""
        if self.faults:
            raise self.faults[0] if len(self.faults) == 1 else Faults(self.faults)

    def summary(self) -> dict[str, Any]:
        """As plain data."""
        document = self.strategy
        return {
            "strategy": document.name,
            "version": document.version,
            "choose": document.choose,
            "rules": len(document.rules),
            "tiers": len(document.tiers),
            "languages": list(document.languages),
            "faults": [fault.as_dict() for fault in self.faults],
            "notes": list(self.notes),
        }


def check_strategy(
    strategy: Loaded[StrategyDocument],
    contract: Contract,
    treatments: TreatmentsDocument,
    risk: RiskFit,
    experience: Loaded[ExperienceDocument],
    *,
    applications: pl.DataFrame | None = None,
) -> StrategyCheck:
    """Hold a strategy against everything it refers to.

    `applications` are checked applications with `pd`, and with `points` and `grade` where known:
    rules are counted on them.
    """
    names = Names(strategy, contract)
    conditions = names.whole()
    faults = [*names.faults, *model_faults(strategy, contract, risk)]
    faults += treatment_faults(strategy, treatments)
    faults += word_faults(strategy, contract, risk)
    faults += label_faults(strategy, contract, treatments, experience)
    faults += asking_faults(strategy, treatments)
    faults += product_faults(strategy, contract)
    faults += _authority(strategy, risk)
    faults += _explore(strategy, contract)
    faults += namesake_faults(strategy, names, risk, treatments)
    notes = [*risk.validation.get("cautions", ())]
    notes += [*foreign_sentences(strategy.value.languages), *namesake_notes(contract)]
    if not names.faults:
        ranges = ranges_in(strategy.value, contract, risk.grades.names)
        menu = offered(treatments, strategy.value)
        faults += _eligible(menu, names.types, ranges)
        faults += rate_faults(strategy, menu, names.types, ranges)
        faults += _order(strategy, conditions, ranges)
        faults += _table(strategy, names.types, ranges)
        notes += _counted(strategy.value, conditions, _without_namesakes(contract, applications))
    return StrategyCheck(strategy.value, tuple(faults), tuple(notes))


def ranges_in(document: StrategyDocument, contract: Contract, grades: tuple[str, ...]) -> Ranges:
    """What every name can be that a strategy's rules may read."""
    ranges = ranges_of(contract)
    known = readable_types(contract)
    for name, text in document.features.items():
        each = compile_expression(text, known)
        known[name] = each.type
        ranges[name] = value_range(each.tree, ranges)
    tiers = tuple(tier.name for tier in document.tiers)
    return {**ranges, **ranges_made(grades, tiers)}


def _order(
    strategy: Loaded[StrategyDocument], conditions: dict[str, Expression], ranges: Ranges
) -> Iterator[EquipoiseError]:
    document = strategy.value
    rules = [
        Placed(at, rule.name, conditions[f"rules.{at}"])
        for at, rule in enumerate(document.rules)
        if f"rules.{at}" in conditions
    ]
    tiers = [
        Placed(at, tier.name, conditions[f"tiers.{at}"])
        for at, tier in enumerate(document.tiers)
        if f"tiers.{at}" in conditions
    ]
    for what, section, items in (("rule", "rules", rules), ("tier", "tiers", tiers)):
        findings: list[Finding] = [
            *never_or_always(items, ranges, what),
            *shadowed(items, ranges, what),
        ]
        for each in findings:
            yield BadInput(
                each.message,
                where=strategy.span(section, each.at, "when"),
                field=f"{section}.{each.at}",
                mend=each.mend,
            )


def _table(
    strategy: Loaded[StrategyDocument], types: Types, ranges: Ranges
) -> Iterator[EquipoiseError]:
    """Rows that come too late, and cases that no row covers."""
    section = strategy.value.table
    if section is None:
        return
    arms = table_arms(section)
    rows = [
        Placed(at, f"{at + 1}", compile_expression(text, types))
        for at, (text, _) in enumerate(arms)
        if text is not None
    ]
    last = next((at for at, (text, _) in enumerate(arms) if text is None), None)
    for each in (*never_or_always(rows, ranges, "row"), *shadowed(rows, ranges, "row")):
        yield BadInput(
            each.message,
            where=strategy.span("table", "rows", each.at),
            field=f"table.rows.{each.at}",
            mend=each.mend,
        )
    if last is not None and last < len(arms) - 1:
        yield BadInput(
            f"row {last + 1} takes everybody, so the rows after it are never reached",
            where=strategy.span("table", "rows", last + 1),
            field=f"table.rows.{last + 1}",
            mend="put the row without a condition last",
        )
    if last is None:
        yield from _hole(strategy, rows, ranges)


def _hole(
    strategy: Loaded[StrategyDocument], rows: list[Placed], ranges: Ranges
) -> Iterator[EquipoiseError]:
    case = uncovered([row.condition for row in rows], ranges)
    if case is None and all(row.condition for row in rows) and _can_be_checked(rows, ranges):
        return
    if case is None:
        text = "the table may have a hole: its rows reckon with several fields at once"
    else:
        said = ", ".join(f"{name} {_said(value)}" for name, value in case.items())
        text = f"the table has a hole: no row covers {said}"
    yield BadInput(
        text,
        where=strategy.span("table", "rows"),
        field="table.rows",
        mend="add a last row without a condition, such as {give: refer}",
    )


def _can_be_checked(rows: list[Placed], ranges: Ranges) -> bool:
    from equipoise.strategy.checks.grid import grid, separable

    conditions = [row.condition for row in rows]
    names = sorted({name for each in conditions for name in each.names})
    return all(map(separable, conditions)) and grid(names, conditions, ranges) is not None


def _said(value: object) -> str:
    return (
        "missing" if value is None else f"= {value:g}" if isinstance(value, float) else f"= {value}"
    )


def _eligible(
    menu: tuple[Treatment, ...], types: Types, ranges: Ranges
) -> Iterator[EquipoiseError]:
    """Treatments whose own conditions nobody can meet, or that read what is not known in time."""
    for each in menu:
        if not each.eligible:
            continue
        text = " AND ".join(f"({condition})" for condition in each.eligible)
        where = Span("treatments.yaml")
        try:
            condition = compile_expression(text, types, where=where)
        except EquipoiseError as error:
            yield BadInput(
                f"treatment '{each.name}' cannot be offered by a strategy: {error.message}",
                where=where,
                field=each.name,
                mend=error.mend or "read only fields that are known when the decision is made",
            )
            continue
        if True not in truths(condition.tree, ranges):
            yield BadInput(
                f"nobody is eligible for '{each.name}': nothing in the contract's ranges meets "
                f"{text}",
                where=where,
                field=each.name,
                mend="loosen its condition, or leave it out of `treatments`",
            )


def _authority(strategy: Loaded[StrategyDocument], risk: RiskFit) -> Iterator[EquipoiseError]:
    section = strategy.value.authority
    if section is None:
        return
    reasons = [rule.reason for rule in strategy.value.rules if rule.outcome == "refer"]
    for fault in authority_faults(section, risk.grades.names, reasons):
        yield BadInput(
            fault.message,
            where=strategy.span("authority", *fault.keys),
            field=".".join(map(str, ("authority", *fault.keys))),
            mend=fault.mend,
        )


def _explore(strategy: Loaded[StrategyDocument], contract: Contract) -> Iterator[EquipoiseError]:
    """Exploring that would never happen."""
    document = strategy.value
    if document.explore is None:
        return
    where, field = strategy.span("explore"), "explore"
    if document.choose != "balance":
        yield BadInput(
            f"a {document.choose} has no near ties to explore: it does not say what is worth how "
            "much",
            where=where,
            field=field,
            mend="take `explore` out, or choose by balance",
        )
    if contract.id is None:
        yield BadInput(
            "nobody can be explored: the lot is drawn by the applicant's id, and the contract "
            "names none",
            where=where,
            field=field,
            mend="name the field in the contract's `id`, or take `explore` out",
        )
    elif contract.field(contract.id).type not in ("string", "integer"):
        yield BadInput(
            f"the lot is drawn by '{contract.id}' as text, and a "
            f"{contract.field(contract.id).type} is not written alike everywhere",
            where=where,
            field=field,
            mend="make the id a string or an integer in the contract",
        )


def _without_namesakes(contract: Contract, data: pl.DataFrame | None) -> pl.DataFrame | None:
    """The applications without fields that conditions cannot mean; their PD is the model's."""
    if data is None:
        return None
    theirs = WORDS.keys() & contract.types().keys() - {"pd"}
    return data.drop(theirs, strict=False)


def _counted(
    document: StrategyDocument, conditions: dict[str, Expression], data: pl.DataFrame | None
) -> list[str]:
    """What the rules would have done with the applications at hand."""
    if data is None or not data.height:
        return []
    notes = []
    for at, rule in enumerate(document.rules):
        each = conditions.get(f"rules.{at}")
        if each is None or not each.names <= set(data.columns):
            continue
        held = data.select(each.polars().fill_null(value=False).sum()).item()
        share = held / data.height
        if held == 0:
            notes.append(f"rule '{rule.name}' fired for none of {data.height:,} applications")
        elif share > 0.5:
            notes.append(
                f"rule '{rule.name}' fired for {share:.0%} of {data.height:,} applications"
            )
    return notes
