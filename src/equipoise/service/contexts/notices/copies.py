"""Copies of agreements, made of what the record keeps as shown and signed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from importlib.util import find_spec
from typing import Any

from equipoise.errors import GateRefused
from equipoise.letters import Copy, Party, copy_of
from equipoise.service.contexts.agreements.reading import (
    AgreementView,
    digest_of,
    what_was_shown,
)
from equipoise.service.contexts.notices.lender import FILE, Lender, lender
from equipoise.service.contexts.registry.reading import lender_day
from equipoise.texts.currencies import decimals
from equipoise.texts.decisions import money
from equipoise.value.schedule import major

_COLUMNS = ("paid", "interest", "principal", "left")


def can_copy() -> bool:
    """Whether copies can be made here: it is said who the lender is, and letters can be set."""
    return lender() is not None and find_spec("typst") is not None


def agreement_copy(agreement: AgreementView, strategy: str, reference: str) -> bytes:
    """The copy as PDF, the same whenever it is asked for; `strategy` is the digest of the one that
    decided. Raises GateRefused where nothing was signed or nobody says who the lender is,
    Unreadable after an erasure, BadInput where letters cannot be set."""
    writes = lender()
    if writes is None or agreement.signed_at is None:
        raise GateRefused("there is no copy of it", mend=f"write who the lender is into {FILE}")
    kept = what_was_shown(agreement.application)
    day = lender_day(strategy, agreement.signed_at)
    return copy_of(_copy(kept, writes, day, reference)).pdf


def _copy(kept: Mapping[str, Any], writes: Lender, day: date, reference: str) -> Copy:
    shown = kept["shown"]
    language = shown["language"]
    return Copy(
        language=language,
        lender=Party(writes.named(language), writes.lines(language)),
        name=kept["name"],
        on=day,
        reference=reference,
        paragraphs=tuple(each["text"] for each in shown["texts"]),
        payments=tuple(_row(each, shown["currency"]) for each in shown["numbers"]["payments"]),
        digest=f"SHA-256 {digest_of(shown)}",
    )


def _row(payment: Mapping[str, int], currency: str) -> tuple[str, str, str, str, str]:
    places = decimals(currency)
    paid, interest, principal, left = (
        money(major(payment[name], places), currency) for name in _COLUMNS
    )
    return str(payment["number"]), paid, interest, principal, left
