"""What the record tells of people, how they came, what was asked for them, programs and keys: see
`record.rows`."""

from __future__ import annotations

from equipoise.service.platform.accounts.models import (
    ApiKey,
    Invitation,
    Program,
    RoleRequest,
    User,
)
from equipoise.service.platform.record import rows

_RIGHTS = ("role", "branch", "region", "is_active")


def record_rows() -> None:
    """Have events tell them. A person's name and password are told as keyed digests: another in
    their place is noticed, and neither can be read from what nobody can erase."""
    rows.record(
        User,
        *_RIGHTS,
        "username",
        "password",
        "is_superuser",
        "is_staff",
        "invited_by",
        "handed_over_at",
        "reset_at",
        "role_asked_by",
        "role_confirmed_by",
        blind=("username", "password"),
    )
    rows.record(
        Invitation, "user_id", "digest", "made_by", "expires_at", "withdrawn_at", "redeemed_at"
    )
    rows.record(RoleRequest, *_RIGHTS, "user_id", "asked_by", "state", "settled_by")
    rows.record(
        Program, "name", "owner", "owners", "scopes", "branch", "region", "rate", "burst", "test"
    )
    rows.record(ApiKey, "digest", "program_id", "made_by_id", "expires_at", "revoked_at")
