"""What documents refer to: expressions, fields, files and parts, held against the contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from equipoise.balance.appetite import AppetiteDocument
from equipoise.contract import Contract, forbid_protected
from equipoise.documents import Loaded
from equipoise.errors import BadInput, EquipoiseError, Span, did_you_mean
from equipoise.experience import ExperienceDocument
from equipoise.expression import Expression
from equipoise.expression import compile as compile_expression
from equipoise.risk import RiskDocument, feature_set
from equipoise.risk.document import HistorySection
from equipoise.value.treatments import TreatmentsDocument

ADDED = {"pd": "number", "lgd": "number"}


def risk_faults(
    risk: Loaded[RiskDocument] | None, contract: Contract, folder: Path
) -> Iterator[EquipoiseError]:
    """Faults of risk.yaml against the contract; a file of past loans must be there."""
    if risk is None:
        return
    document = risk.value
    broken = list(_feature_faults(risk, contract.types()))
    yield from broken or _feature_set_fault(risk, contract)
    for keys, text in _risk_texts(document):
        yield from _compiled(text, contract.types(), risk.span(*keys))[1]
    if isinstance(document.lgd, HistorySection):
        yield from _file_fault(folder, document.lgd.file, risk.span("lgd", "file"), "lgd.file")


def _feature_faults(
    risk: Loaded[RiskDocument], types: Mapping[str, str]
) -> Iterator[EquipoiseError]:
    for name, text in risk.value.features.items():
        yield from _compiled(text, types, risk.span("features", name))[1]


def _feature_set_fault(risk: Loaded[RiskDocument], contract: Contract) -> list[EquipoiseError]:
    try:
        feature_set(risk.value, contract, risk.span)
    except EquipoiseError as error:
        return [error]
    return []


def _risk_texts(document: RiskDocument) -> Iterator[tuple[tuple[str, ...], str]]:
    if document.outcome.closed is not None:
        yield ("outcome", "closed"), document.outcome.closed
    if document.accepted_only.booked:
        yield ("accepted_only", "booked"), document.accepted_only.booked
    explored = document.pd_response.explored
    if explored is not None:
        for key, text in explored.model_dump().items():
            yield ("pd_response", "explored", key), text


def experience_faults(
    experience: Loaded[ExperienceDocument] | None, contract: Contract, folder: Path
) -> Iterator[EquipoiseError]:
    """Faults of experience.yaml: columns the contract does not know, a log that is not there."""
    if experience is None:
        return
    document, known = experience.value, {**contract.types(), "pd": "number"}
    if document.log is not None:
        where = experience.span("log", "path")
        yield from _file_fault(folder, document.log.path, where, "log.path")
    columns: list[tuple[tuple[str | int, ...], dict[str, str | None]]] = []
    if document.take_up.observed is not None:
        columns.append((("take_up", "from"), document.take_up.observed.model_dump()))
    for at, check in enumerate(document.checks):
        if check.observed is not None:
            columns.append((("checks", at, "from"), check.observed.model_dump()))
    for keys, named in columns:
        for part, name in named.items():
            if name is not None and name not in known:
                yield BadInput(
                    f"'{name}' is not in contract {contract.name} v{contract.version}",
                    where=experience.span(*keys, part),
                    field=".".join(str(key) for key in (*keys, part)),
                    mend=did_you_mean(name, known),
                )


def treatments_faults(
    treatments: Loaded[TreatmentsDocument] | None,
    contract: Contract,
    experience: Loaded[ExperienceDocument] | None,
) -> Iterator[EquipoiseError]:
    """Faults of treatments.yaml: expressions, protected fields, unknown steps and checks."""
    if treatments is None:
        return
    document, types = treatments.value, {**contract.types(), **ADDED}
    for key, text in document.applicant.model_dump().items():
        if text is not None:
            yield from _compiled(text, types, treatments.span("applicant", key))[1]
    for part in ("journeys", "prices", "amounts", "terms", "extra"):
        for at, each in enumerate(getattr(document, part)):
            where = treatments.span(part, at, "eligible")
            if each.eligible is not None:
                yield from rule_faults(each.eligible, types, contract, where)
    if experience is not None:
        yield from _part_faults(treatments, experience.value)


def _part_faults(
    treatments: Loaded[TreatmentsDocument], experience: ExperienceDocument
) -> Iterator[EquipoiseError]:
    """Steps and checks of a journey that experience.yaml does not have."""
    known = {
        "steps": [step.name for step in experience.steps],
        "checks": [check.name for check in experience.checks],
    }
    for at, journey in enumerate(treatments.value.journeys):
        for kind, names in (("steps", journey.steps), ("checks", journey.checks)):
            for place, name in enumerate(names):
                if name not in known[kind]:
                    yield BadInput(
                        f"'{name}' is not among the {kind} of experience.yaml",
                        where=treatments.span("journeys", at, kind, place),
                        field=f"journeys.{at}.{kind}",
                        mend=did_you_mean(name, known[kind]),
                    )


def appetite_faults(
    appetite: Loaded[AppetiteDocument] | None, contract: Contract
) -> Iterator[EquipoiseError]:
    """Faults of appetite.yaml's expressions; a constraint's `where` may read no protected field."""
    if appetite is None:
        return
    types = {**contract.types(), **ADDED}
    for at, each in enumerate(appetite.value.constraints):
        if each.where is not None:
            where = appetite.span("constraints", at, "where")
            yield from rule_faults(each.where, types, contract, where)
    for at, parity in enumerate(appetite.value.parity):
        where = appetite.span("parity", at, "group")
        yield from _compiled(parity.group, types, where)[1]


def rule_faults(
    text: str, types: Mapping[str, str], contract: Contract, where: Span
) -> Iterator[EquipoiseError]:
    """Faults of a condition: it must be true or false, and read no protected field."""
    expression, faults = _compiled(text, types, where)
    yield from faults
    if expression is None:
        return
    if expression.type != "boolean":
        yield BadInput(
            f"a condition must be true or false, and '{text}' is a {expression.type}",
            where=where,
            mend="compare it with something",
        )
    try:
        forbid_protected(contract, sorted(expression.names), where)
    except EquipoiseError as error:
        yield error


def _compiled(
    text: str, types: Mapping[str, str], where: Span
) -> tuple[Expression | None, list[EquipoiseError]]:
    try:
        return compile_expression(text, types, where=where), []
    except EquipoiseError as error:
        return None, [error]


def _file_fault(folder: Path, name: str, where: Span, field: str) -> Iterator[EquipoiseError]:
    path = folder / name
    if not path.is_file():
        beside = [item.name for item in path.parent.iterdir()] if path.parent.is_dir() else []
        yield BadInput(
            f"the file '{name}' does not exist",
            where=where,
            field=field,
            mend=did_you_mean(path.name, beside),
        )
