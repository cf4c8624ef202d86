"""Checks, steps and facts that a customer is told of, without a label in a language."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.contract import Contract
from equipoise.contract.fields import Field
from equipoise.documents import Loaded
from equipoise.errors import BadInput, EquipoiseError
from equipoise.experience import ExperienceDocument
from equipoise.strategy.asking import checks_of, journeys_used
from equipoise.strategy.document import StrategyDocument
from equipoise.strategy.program import offered
from equipoise.texts.languages import text_in
from equipoise.texts.saying import ENGLISH, known
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
    shown = {*checks_of(journeys)}
    if document.asking is not None:
        shown |= {field.step for field in contract.fields if field.use == "feature"}
    for kind in ("checks", "steps"):
        for at, each in enumerate(getattr(experience.value, kind)):
            if each.name not in shown:
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
        yield from _values(strategy, field)
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


def _values(strategy: Loaded[StrategyDocument], field: Field) -> Iterator[EquipoiseError]:
    """Values of a text field that a way back may name, where our sentences are not English."""
    if field.type != "string" or field.change is None:
        return
    shown = dict.fromkeys(str(each) for each in (*field.values, *field.change.to))
    for language in strategy.value.languages:
        if known(language) == ENGLISH:
            continue
        lacking = [each for each in shown if not text_in(field.value_label.get(each, {}), language)]
        if lacking:
            yield BadInput(
                f"a customer may be told of {', '.join(map(repr, lacking))} of '{field.name}', "
                f"without a label in '{language}'",
                where=strategy.span("languages"),
                field=f"fields.{field.name}.value_label.{lacking[0]}.{language}",
                mend=f"write it under `value_label` of '{field.name}' in contract.yaml, as "
                f"{lacking[0]}: {{{language}: ...}}, then run `equipoise fit` again",
            )
