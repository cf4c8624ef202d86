"""What others may know of officers: who has authority under a strategy, what is lent, who is away,
and the ties that were told."""

from __future__ import annotations

from equipoise.service.contexts.officers.apart import absences, check_here, ties
from equipoise.service.contexts.officers.apart import fields as fields_of_ties
from equipoise.service.contexts.officers.appointments import directory, in_force
from equipoise.service.contexts.officers.appointments import listed as appointments
from equipoise.service.contexts.officers.delegations import listed as lendings

__all__ = [
    "absences",
    "appointments",
    "check_here",
    "directory",
    "fields_of_ties",
    "in_force",
    "lendings",
    "ties",
]
