"""What the roles are called on pages."""

from __future__ import annotations

from collections.abc import Mapping

from equipoise.service.platform.accounts.permissions import Role
from equipoise.texts.saying import marked

ROLES: Mapping[Role, str] = {
    Role.NONE: "",
    Role.ANALYST: marked("analyst"),
    Role.APPROVER: marked("approver"),
    Role.UNDERWRITER: marked("underwriter"),
    Role.CLERK: marked("clerk"),
    Role.RISK_OFFICER: marked("risk officer"),
    Role.SERVICE_OWNER: marked("service owner"),
    Role.AUDITOR: marked("auditor"),
    Role.ADMINISTRATOR: marked("administrator"),
    Role.API_CLIENT: marked("program"),
}
"""Marked messages by role; no role has no name."""
