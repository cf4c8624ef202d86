"""What others may do with disposals: propose one, decide on it, plan and record contacts with its
customer, see it through its calendar, and say what came in.

Each says which state was `seen` (`reading.Shown.serial`). Raises DoesNotExist, Overtaken where
somebody was faster, BadInput, Unreadable once the applicant was erased, and GateRefused where it
cannot be done now.
"""

from __future__ import annotations

from equipoise.service.contexts.disposals.acting import (
    LANGUAGES,
    Asked,
    add_date,
    approve,
    begin,
    change_care,
    end,
    forget,
    meet_date,
    propose,
    realise,
    refuse,
)
from equipoise.service.contexts.disposals.contacting import (
    CHANNELS,
    plan_contact,
    record_contact,
)

__all__ = [
    "CHANNELS",
    "LANGUAGES",
    "Asked",
    "add_date",
    "approve",
    "begin",
    "change_care",
    "end",
    "forget",
    "meet_date",
    "plan_contact",
    "propose",
    "realise",
    "record_contact",
    "refuse",
]
