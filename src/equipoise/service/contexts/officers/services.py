"""What others may do about officers: give people authority, as two do it, lend it, and say who is
away and who may not decide about whom."""

from __future__ import annotations

from equipoise.service.contexts.officers.apart import (
    end_absence,
    end_tie,
    tell_absence,
    tell_branch,
    tell_tie,
)
from equipoise.service.contexts.officers.appointments import Authority
from equipoise.service.contexts.officers.appointments import ask as ask_for_authority
from equipoise.service.contexts.officers.appointments import confirm as confirm_authority
from equipoise.service.contexts.officers.appointments import end as end_authority
from equipoise.service.contexts.officers.appointments import refuse as refuse_authority
from equipoise.service.contexts.officers.delegations import Wanted as Lent
from equipoise.service.contexts.officers.delegations import ask as ask_to_lend
from equipoise.service.contexts.officers.delegations import confirm as confirm_lending
from equipoise.service.contexts.officers.delegations import end as end_lending
from equipoise.service.contexts.officers.delegations import refuse as refuse_lending

__all__ = [
    "Authority",
    "Lent",
    "ask_for_authority",
    "ask_to_lend",
    "confirm_authority",
    "confirm_lending",
    "end_absence",
    "end_authority",
    "end_lending",
    "end_tie",
    "refuse_authority",
    "refuse_lending",
    "tell_absence",
    "tell_branch",
    "tell_tie",
]
