"""Fairness of a strategy: decision, price, waiting and documents asked, between groups."""

from equipoise.review.fairness.auditing import audit_fairness
from equipoise.review.fairness.bands import with_default_bands
from equipoise.review.fairness.document import AuditDocument, AuditMeasure, AuditSection
from equipoise.review.fairness.findings import FairnessAudit, Finding, Segment, Side
from equipoise.review.fairness.intervals import Interval
from equipoise.review.fairness.parity import ParityPrice, parity_rows, price_of_parity
from equipoise.review.fairness.verdict import Answer

__all__ = [
    "Answer",
    "AuditDocument",
    "AuditMeasure",
    "AuditSection",
    "FairnessAudit",
    "Finding",
    "Interval",
    "ParityPrice",
    "Segment",
    "Side",
    "audit_fairness",
    "parity_rows",
    "price_of_parity",
    "with_default_bands",
]
