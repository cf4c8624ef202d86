"""What waited at a desk at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Load:
    """All cases that waited at that moment, and those of them that were overdue."""

    at: datetime
    waits: int
    overdue: int
