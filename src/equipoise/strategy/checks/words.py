"""Reason codes without words for the customer, in every language that the strategy declares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from equipoise.contract import Contract
from equipoise.documents import Loaded
from equipoise.errors import BadInput, EquipoiseError
from equipoise.risk import RiskFit
from equipoise.strategy.document import StrategyDocument
from equipoise.texts.codes import TEXTS, concept_code, without_text
from equipoise.texts.languages import look_up, text_in
from equipoise.texts.saying import our_languages


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
    yield from _own_codes(strategy)
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


def _own_codes(strategy: Loaded[StrategyDocument]) -> Iterator[EquipoiseError]:
    """Reasons that any strategy may give, in a language for which we have no words."""
    document = strategy.value
    for code, language in without_text(TEXTS, document.languages, document.texts):
        yield BadInput(
            f"any strategy may give '{code}' as a reason, and it has no text in '{language}'",
            where=strategy.span("texts"),
            field=f"texts.{code}.{language}",
            mend=f"write it under texts.{code}",
        )


def foreign_sentences(languages: Iterable[str]) -> list[str]:
    """Notes on languages in which we have no sentences of our own around the lender's words."""
    return [
        f"the sentences around your texts are English where the customer's language is '{each}': "
        f"they are written in {', '.join(our_languages())}"
        for each in languages
        if look_up(each, our_languages()) is None
    ]


def _labelled(concept: str, language: str, contract: Contract) -> bool:
    """Whether the concept is a field whose label says it; a label stands for its own text."""
    return any(f.name == concept and text_in(f.label, language) for f in contract.fields)
