"""What others may do about cases: give people authority, as two do it."""

from __future__ import annotations

from equipoise.service.contexts.cases.officers import Authority
from equipoise.service.contexts.cases.officers import ask as ask_for_authority
from equipoise.service.contexts.cases.officers import confirm as confirm_authority

__all__ = ["Authority", "ask_for_authority", "confirm_authority"]
