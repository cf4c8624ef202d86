"""What can be told of a strategy's product before anybody applies: its words, and how far its
amounts, months, prices and waits go."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from equipoise.contract import Contract
from equipoise.strategy.asking.waits import journeys_used
from equipoise.strategy.content import Content
from equipoise.strategy.product import ProductSection
from equipoise.strategy.program import offered
from equipoise.texts.languages import text_in
from equipoise.texts.saying import ENGLISH

Ends = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Portrait:
    """A product. `amount_field` is the field that asks how much, empty where none does;
    `amounts`, in the contract's currency, and `months` are the least and the most
    that can be asked for, `days` how long the quickest and the slowest of its journeys wait for
    staff, on average; None where the documents do not say. `section` is None where the strategy
    has no words for people: then its name has to do."""

    strategy: str
    currency: str
    section: ProductSection | None
    amount_field: str
    amounts: Ends | None
    months: Ends | None
    days: Ends | None

    def name(self, language: str) -> str:
        """What people call it; the strategy's own name where nobody gave it another."""
        return self._text("name", language) or self.strategy

    def about(self, language: str) -> str:
        """One sentence; empty where there is none."""
        return self._text("about", language)

    def _text(self, part: str, language: str) -> str:
        texts: dict[str, str] = {} if self.section is None else getattr(self.section, part)
        return text_in(texts, language) or text_in(texts, ENGLISH) or next(iter(texts.values()), "")


def portrait(content: Content) -> Portrait:
    """The product of a sealed strategy."""
    document = content.strategy
    terms = document.applicant
    journeys = journeys_used(document, offered(content.treatments, document))
    waits = [each.wait_days for each in journeys]
    return Portrait(
        document.name,
        content.contract.currency,
        document.product,
        terms.amount.strip() if terms.amount.strip() in content.contract.types() else "",
        _ends(content.contract, terms.amount),
        _ends(content.contract, terms.term_months),
        (min(waits), max(waits)) if waits else None,
    )


def _ends(contract: Contract, expression: str) -> Ends | None:
    """The range of the field that an expression is; None where it is none, or has no ends."""
    field = next((each for each in contract.fields if each.name == expression.strip()), None)
    if field is None or field.range is None:
        return None
    ends = [float(each) for each in field.range if isinstance(each, int | float)]
    return (ends[0], ends[1]) if len(ends) == 2 and all(map(isfinite, ends)) else None
