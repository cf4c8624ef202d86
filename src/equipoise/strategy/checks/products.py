"""A product's words, fields and prices, held against the contract and the menu."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import isfinite

from equipoise.contract import Contract, forbid_protected
from equipoise.documents import Loaded
from equipoise.errors import BadInput, EquipoiseError, did_you_mean
from equipoise.expression import compile as compile_expression
from equipoise.strategy.checks.possible import value_range
from equipoise.strategy.checks.ranges import Ranges
from equipoise.strategy.document import StrategyDocument
from equipoise.strategy.product import ProductSection
from equipoise.strategy.program import Types
from equipoise.texts.languages import text_in
from equipoise.value.treatments import Treatment

_ROUNDING = 1e-9


def product_faults(
    strategy: Loaded[StrategyDocument], contract: Contract
) -> Iterator[EquipoiseError]:
    """Words that lack in a language, and fields that cannot be asked first, or hold no purpose."""
    product = strategy.value.product
    if product is None:
        return
    yield from _words(strategy, product)
    yield from _purpose(strategy, product, contract)
    yield from _asked(strategy, product, contract)
    yield from _worked_out(strategy, product, contract)


def rate_faults(
    strategy: Loaded[StrategyDocument], menu: Iterable[Treatment], types: Types, ranges: Ranges
) -> Iterator[EquipoiseError]:
    """Prices that can be given and lie outside of those that people are told of."""
    product = strategy.value.product
    if product is None:
        return
    base = value_range(compile_expression(strategy.value.applicant.apr, types).tree, ranges)
    prices = [each.price for each in menu if each.price is not None]
    if not prices or not (isfinite(base.low) and isfinite(base.high)):
        return  # its bounds cannot be told from the documents
    low = min(min(max(base.low + each.add, each.floor), each.cap) for each in prices)
    high = max(min(max(base.high + each.add, each.floor), each.cap) for each in prices)
    least, most = product.rates
    if low < least - _ROUNDING or high > most + _ROUNDING:
        yield BadInput(
            f"people are told of {least:.2%} to {most:.2%} a year, and prices from {low:.2%} to "
            f"{high:.2%} can be given",
            where=strategy.span("product", "rates"),
            field="product.rates",
            mend=f"write [{low:.4g}, {high:.4g}]",
        )


def _words(strategy: Loaded[StrategyDocument], product: ProductSection) -> Iterator[EquipoiseError]:
    for part in ("name", "about"):
        for language in strategy.value.languages:
            if not text_in(getattr(product, part), language):
                yield BadInput(
                    f"the product has no {part} in '{language}'",
                    where=strategy.span("product", part),
                    field=f"product.{part}.{language}",
                    mend=f"write it under product.{part}",
                )


def _purpose(
    strategy: Loaded[StrategyDocument], product: ProductSection, contract: Contract
) -> Iterator[EquipoiseError]:
    if product.purpose is None:
        return
    field = next((each for each in contract.fields if each.name == product.purpose.field), None)
    if field is None or field.source != "applicant":
        names = (each.name for each in contract.fields if each.source == "applicant")
        yield BadInput(
            f"'{product.purpose.field}' is no field that applicants answer",
            where=strategy.span("product", "purpose", "field"),
            field="product.purpose.field",
            mend=did_you_mean(product.purpose.field, names) or "name one whose source is applicant",
        )
        return
    for need, value in product.purpose.values.items():
        if value not in field.values:
            yield BadInput(
                f"'{value}' is no value of '{field.name}'",
                where=strategy.span("product", "purpose", "values", need),
                field=f"product.purpose.values.{need}",
                mend=did_you_mean(value, map(str, field.values))
                or f"one of {', '.join(map(str, field.values))}",
            )


def _asked(
    strategy: Loaded[StrategyDocument], product: ProductSection, contract: Contract
) -> Iterator[EquipoiseError]:
    could = [
        each.name
        for each in contract.fields
        if each.source == "applicant"
        and each.use == "feature"
        and not each.accepts
        and (each.type in ("number", "integer", "boolean") or each.values)
    ]
    for at, name in enumerate(product.asks_first):
        where = strategy.span("product", "asks_first", at)
        if name in contract.protected:
            try:
                forbid_protected(contract, [name], where)
            except EquipoiseError as error:
                yield error
        elif name not in could:
            yield BadInput(
                f"'{name}' is no number or choice that applicants tell and that decides",
                where=where,
                field=f"product.asks_first.{at}",
                mend=did_you_mean(name, could) or f"one of {', '.join(could)}",
            )


def _worked_out(
    strategy: Loaded[StrategyDocument], product: ProductSection, contract: Contract
) -> Iterator[EquipoiseError]:
    types = contract.types()
    asked = {name: types[name] for name in product.asks_first if name in types}
    for name, text in product.works_out.items():
        where, field = strategy.span("product", "works_out", name), f"product.works_out.{name}"
        if name not in contract.feature_names or name in asked:
            yield BadInput(
                f"'{name}' is asked, or is no field that decides",
                where=where,
                field=field,
                mend=did_you_mean(name, contract.feature_names) or "take it out",
            )
            continue
        try:
            expression = compile_expression(text, asked, where=where)
        except EquipoiseError as error:
            yield error
            continue
        kinds = {"number", "integer"}
        if expression.type != types[name] and not {expression.type, types[name]} <= kinds:
            yield BadInput(
                f"'{field}' is a {expression.type}, and '{name}' is a {types[name]}",
                where=where,
                field=field,
                mend="write an expression of its type",
            )
