"""What the record says of secrets: which the database was begun with, and what came since."""

from __future__ import annotations

from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import signers

CHAIN = signers.CHAIN


def recorded() -> dict[str, str]:
    """By name, the fingerprints that the record leaves in force."""
    in_force: dict[str, str] = {}
    for event in record.keys_told():
        in_force |= event.fingerprints
    return in_force
