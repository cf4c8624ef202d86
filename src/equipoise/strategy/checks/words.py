"""Reason codes without words for the customer, in every language that the strategy declares."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.contract import Contract
from equipoise.documents import Loaded
from equipoise.errors import BadInput, EquipoiseError
from equipoise.risk import RiskFit
from equipoise.strategy.codes import concept_code, without_text
from equipoise.strategy.document import StrategyDocument


def word_faults(
    strategy: Loaded[StrategyDocument], contract: Contract, risk: RiskFit
) -> Iterator[EquipoiseError]:
    """A rule's reason without text; a reason of the model without text or label."""
    document = strategy.value
    for at, rule in enumerate(document.rules):
        for code, language in without_text([rule.reason], document.languages, document.texts):
            yield BadInput(
                f"reason '{code}' has no text in '{language}'",
                where=strategy.span("rules", at, "reason"),
                field=f"texts.{code}.{language}",
                mend=f"write it under texts.{code}",
            )
    if document.model not in risk.models:
        return
    concepts = dict.fromkeys(
        risk.concepts.get(name, name) for name in risk.models[document.model].features
    )
    for concept in concepts:
        code = concept_code(concept)
        for _, language in without_text([code], document.languages, document.texts):
            if not _labelled(concept, language, contract):
                yield BadInput(
                    f"the model may give '{concept}' as a reason, and {code} has no text in "
                    f"'{language}'",
                    where=strategy.span("texts"),
                    field=f"texts.{code}.{language}",
                    mend=f"write it under texts.{code}, or give the field a label in that language",
                )
    for code, texts in document.texts.items():
        for language in texts:
            if language not in document.languages:
                yield BadInput(
                    f"the text of {code} is in '{language}', which is not declared",
                    where=strategy.span("texts", code, language),
                    field=f"texts.{code}",
                    mend=f"add '{language}' to `languages`",
                )


def _labelled(concept: str, language: str, contract: Contract) -> bool:
    """Whether the concept is a field whose label says it; a label stands for its own text."""
    return any(f.name == concept and language in f.label for f in contract.fields)
