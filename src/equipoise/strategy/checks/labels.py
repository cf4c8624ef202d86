"""Checks, steps and facts that a customer is told of, without a label in a language."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.contract import Contract
from equipoise.documents import Loaded
from equipoise.errors import BadInput, EquipoiseError
from equipoise.experience import ExperienceDocument
from equipoise.languages import text_in
from equipoise.strategy.asking import checks_of, journeys_used
from equipoise.strategy.document import StrategyDocument
from equipoise.strategy.program import offered
from equipoise.value.treatments import TreatmentsDocument


def label_faults(
    strategy: Loaded[StrategyDocument],
    contract: Contract,
    treatments: TreatmentsDocument,
    experience: Loaded[ExperienceDocument],
) -> Iterator[EquipoiseError]:
    """A label, or a written need, that lacks in a language which the strategy speaks."""
    document = strategy.value
    journeys = journeys_used(document, offered(treatments, document))
    told = {*checks_of(journeys)}
    if document.asking is not None:
        told |= {field.step for field in contract.fields if field.use == "feature"}
    for kind in ("checks", "steps"):
        for at, each in enumerate(getattr(experience.value, kind)):
            if each.name not in told:
                continue
            for part in ("label", "need"):
                texts = getattr(each, part)
                if part == "need" and not texts:
                    continue
                for language in document.languages:
                    if not text_in(texts, language):
                        yield BadInput(
                            f"the customer may be told of '{each.name}', and it has no {part} in "
                            f"'{language}'",
                            where=experience.span(kind, at, part),
                            field=f"{kind}.{each.name}.{part}.{language}",
                            mend=f"write it under `{part}` of '{each.name}' in experience.yaml, "
                            "then run `equipoise fit` again",
                        )
    yield from _changeable(strategy, contract)


def _changeable(strategy: Loaded[StrategyDocument], contract: Contract) -> Iterator[EquipoiseError]:
    """Facts that a way back may name: it is told in every language."""
    for field in contract.fields:
        if field.change is None or field.use != "feature":
            continue
        for language in strategy.value.languages:
            if not text_in(field.label, language):
                yield BadInput(
                    f"a customer may be told to change '{field.name}', and it has no label in "
                    f"'{language}'",
                    where=strategy.span("languages"),
                    field=f"fields.{field.name}.label.{language}",
                    mend=f"write it under `label` of '{field.name}' in contract.yaml, then run "
                    "`equipoise fit` again",
                )
