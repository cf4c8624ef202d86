"""Fields of the contract that are called as the strategy calls what it finds itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

from equipoise.contract import Contract
from equipoise.contract.naming import WORDS
from equipoise.documents import Loaded
from equipoise.errors import BadInput, EquipoiseError
from equipoise.expression import compile as compile_expression
from equipoise.risk import RiskFit
from equipoise.strategy.checks.references import Names
from equipoise.strategy.document import StrategyDocument
from equipoise.strategy.program import WORDS as MADE
from equipoise.strategy.program import offered
from equipoise.value.treatments import Treatment, TreatmentsDocument


def namesake_notes(contract: Contract) -> list[str]:
    """What each such name means, and how to be rid of the doubt."""
    return [
        f"the contract's '{name}' is called as what the strategy finds: in its conditions "
        f"'{name.lower()}' is not this field; rename it, its column can stay (`column: {name}`)"
        for name in contract.types()
        if name.lower() in WORDS
    ]


def namesake_faults(
    strategy: Loaded[StrategyDocument], names: Names, risk: RiskFit, treatments: TreatmentsDocument
) -> Iterator[EquipoiseError]:
    """Names that mean the field in one expression and what the strategy found in another."""
    early = names.early | _read_by_model(strategy.value.model, risk)
    late = names.late | _read_by_treatments(offered(treatments, strategy.value), names)
    for name in sorted(early & late & MADE.keys() & names.contract.types().keys()):
        yield BadInput(
            f"'{name}' means the contract's field before the model, where a feature reads it, and "
            "after it what the strategy found, where a condition reads it",
            where=strategy.span("model"),
            field=name,
            mend=f"rename the field in contract.yaml and keep `column: {name}`, then fit again",
        )


def _read_by_model(name: str, risk: RiskFit) -> set[str]:
    model, expressions = risk.models.get(name), risk.features.expressions
    used = [] if model is None else [expressions[n] for n in model.features if n in expressions]
    return {read for each in used for read in each.names}


def _read_by_treatments(menu: Iterable[Treatment], names: Names) -> set[str]:
    read: set[str] = set()
    for text in {text for each in menu for text in each.eligible}:
        with suppress(EquipoiseError):  # told where treatments are checked
            read |= compile_expression(text, names.types).names
    return read
