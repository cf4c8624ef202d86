"""Fairness of a strategy: decision, price, waiting and documents asked, between groups."""

from equipoise.strategy.audit.auditing import audit_fairness
from equipoise.strategy.audit.bands import with_default_bands
from equipoise.strategy.audit.document import AuditDocument, AuditMeasure, AuditSection
from equipoise.strategy.audit.findings import FairnessAudit, Finding, Segment, Side
from equipoise.strategy.audit.intervals import Interval
from equipoise.strategy.audit.parity import ParityPrice, parity_rows, price_of_parity
from equipoise.strategy.audit.verdict import Answer

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
