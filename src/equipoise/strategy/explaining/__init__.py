"""One trace, told to three people: the customer, the underwriter and the auditor."""

from equipoise.strategy.explaining.auditor import for_auditor
from equipoise.strategy.explaining.checked import unsupported
from equipoise.strategy.explaining.customer import for_customer
from equipoise.strategy.explaining.names import label_of, language_of, need_of
from equipoise.strategy.explaining.underwriter import for_underwriter

__all__ = [
    "for_auditor",
    "for_customer",
    "for_underwriter",
    "label_of",
    "language_of",
    "need_of",
    "unsupported",
]
