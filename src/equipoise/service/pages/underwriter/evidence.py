"""Documents beside the facts that they show: what was brought for a fact itself, for the check that
asks for it, or because it was unclear."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from equipoise.contract import Contract
from equipoise.service.contexts.papers.reading import PaperView


def shown_by(
    papers: Iterable[PaperView], contract: Contract, reasons: Sequence[Mapping[str, Any]]
) -> dict[str, list[PaperView]]:
    """The papers by the fact that each shows; one that was brought for nothing in particular shows
    none."""
    beside: dict[str, list[PaperView]] = {}
    for paper in papers:
        for name in facts_of(paper.about, contract, reasons):
            beside.setdefault(name, []).append(paper)
    return beside


def facts_of(
    about: str, contract: Contract, reasons: Sequence[Mapping[str, Any]]
) -> tuple[str, ...]:
    """The names of the contract's fields that a paper brought for this shows: a field, all that a
    step or check asks for, or what a decision's reason is about."""
    if not about:
        return ()
    unclear = {each.get("feature") for each in reasons if each["code"] == about}
    return tuple(
        each.name
        for each in contract.fields
        if about in (each.name, each.step) or each.name in unclear
    )
