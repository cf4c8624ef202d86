"""A first idea of the answer, from the few facts that a product asks first.

Nothing is kept and nobody is asked: no draft, no event, no enquiry at a bureau.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from equipoise.contract import Contract
from equipoise.service.contexts.drafts.given import CHANNEL
from equipoise.service.contexts.drafts.products import Product
from equipoise.service.contexts.drafts.sending import facts_of
from equipoise.service.contexts.drafts.typed import Raw, Typed
from equipoise.service.contexts.registry.reading import lender_day, loaded
from equipoise.service.platform import clock
from equipoise.strategy.estimating import Estimate, estimate


def asked_first(product: Product) -> Contract:
    """The contract as far as what a first idea is made from; no field where there is none."""
    section = product.portrait.section
    names = section.asks_first if section is not None else ()
    fields = {each.name: each for each in product.contract.fields}
    return product.contract.model_copy(update={"fields": tuple(fields[name] for name in names)})


def first_idea(
    product: Product, raw: Mapping[str, Raw], language: str, channel: str
) -> Estimate | None:
    """What the product's strategy would answer somebody who typed this, in the language; what is
    not readable is not known. None where the strategy cannot tell."""
    strategy = loaded(product.digest)
    known = facts_of(asked_first(product), Typed(raw=raw), language)
    for field in product.contract.fields:
        if field.name == CHANNEL and channel in field.values:
            known[CHANNEL] = channel
    return estimate(strategy, known, at=_today(product))


def _today(product: Product) -> date:
    return lender_day(product.digest, clock.now())
