"""For what a person is written to, and which of it they cannot do without."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class Purpose(StrEnum):
    """Why somebody is written to. What they asked for themselves, what the law has us send, and
    what their duty at the lender is, cannot be opted out of."""

    CODE = "code"
    NOTICE = "notice"
    PROGRESS = "progress"
    REMINDER = "reminder"
    FEEDBACK = "feedback"
    DUTY = "duty"

    @property
    def required(self) -> bool:
        """Whether it is sent whatever the person wishes."""
        return self in (Purpose.CODE, Purpose.NOTICE, Purpose.DUTY)

    @property
    def patience(self) -> timedelta:
        """For how long it is tried: a code that comes later is worth nothing."""
        return timedelta(minutes=10) if self is Purpose.CODE else timedelta(days=3)
