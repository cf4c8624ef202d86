"""What others may do about cases: decide within one's authority; take, hand on and end work that
waits for a person; and have work wait for one, as the record tells it."""

from __future__ import annotations

from equipoise.service.contexts.cases.arriving import (
    Arrival,
    end_work,
    moment_of,
    open_work,
    settle_work,
)
from equipoise.service.contexts.cases.asking import MOST_DAYS, USUAL_DAYS, Asking
from equipoise.service.contexts.cases.asking import ask as ask_applicant
from equipoise.service.contexts.cases.claims import (
    Closed,
    Taken,
    claim,
    close,
    release,
    renew,
    take_next,
)
from equipoise.service.contexts.cases.conditions import meet, waive
from equipoise.service.contexts.cases.conflicts import OwnDecision, check_apart
from equipoise.service.contexts.cases.deciding import Answered, Changed, decide, give_back, pass_on
from equipoise.service.contexts.cases.handing_on import (
    Done,
    Refused,
    assign,
    many,
    snooze,
    wake,
)
from equipoise.service.contexts.cases.holds import hold, resume
from equipoise.service.contexts.cases.models import WorkKind
from equipoise.service.contexts.cases.overrides import Wanted, override
from equipoise.service.contexts.cases.reactions import is_behind, react_to, rebuild
from equipoise.service.contexts.cases.repeated import Repeated
from equipoise.service.contexts.cases.reversing import REVIEWED, drop, reverse

__all__ = [
    "MOST_DAYS",
    "REVIEWED",
    "USUAL_DAYS",
    "Answered",
    "Arrival",
    "Asking",
    "Changed",
    "Closed",
    "Done",
    "OwnDecision",
    "Refused",
    "Repeated",
    "Taken",
    "Wanted",
    "WorkKind",
    "ask_applicant",
    "assign",
    "check_apart",
    "claim",
    "close",
    "decide",
    "drop",
    "end_work",
    "give_back",
    "hold",
    "is_behind",
    "many",
    "meet",
    "moment_of",
    "open_work",
    "override",
    "pass_on",
    "react_to",
    "rebuild",
    "release",
    "renew",
    "resume",
    "reverse",
    "settle_work",
    "snooze",
    "take_next",
    "waive",
    "wake",
]
