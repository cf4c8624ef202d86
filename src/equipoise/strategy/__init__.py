"""The strategy: one sealed document that decides one application or millions, and says why."""

from equipoise.strategy.content import Content
from equipoise.strategy.decision import Decision, Offer, Reason, Trace
from equipoise.strategy.document import StrategyDocument
from equipoise.strategy.engine import Strategy, load_strategy
from equipoise.strategy.sealing import Sealed, read_sealed, seal

__all__ = [
    "Content",
    "Decision",
    "Offer",
    "Reason",
    "Sealed",
    "Strategy",
    "StrategyDocument",
    "Trace",
    "load_strategy",
    "read_sealed",
    "seal",
]
