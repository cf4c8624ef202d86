"""The fields that a fit holds of every application beside the features of its models."""

from __future__ import annotations

from equipoise.contract import Contract
from equipoise.expression import compile as compile_expression
from equipoise.risk.document import MEASURED, HistorySection, RiskDocument


def fields_beside(document: RiskDocument, contract: Contract) -> list[str]:
    """Fields of the contract that outcomes, the split, levels and responses are read from.

    In the contract's order. Where models lie apart from this (a cluster), a fit needs these alone.
    """
    target, outcome = contract.target, document.outcome
    named = {target.field, target.observed_months, contract.date, contract.customer}
    named |= {contract.weight, outcome.default_month}
    if isinstance(document.lgd, HistorySection):
        named.add(document.lgd.group_field)
    for text in (outcome.closed, document.accepted_only.booked, *_explored(document)):
        if text is not None:
            named |= compile_expression(text, contract.types()).names
    return [each.name for each in contract.fields if each.name in named]


def _explored(document: RiskDocument) -> list[str]:
    section = document.pd_response
    if section.explored is None or MEASURED not in (section.price, section.burden):
        return []
    explored = section.explored
    return [explored.where, explored.apr_difference, explored.burden_difference]
