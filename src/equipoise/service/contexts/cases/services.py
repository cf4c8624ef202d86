"""What others may do about cases: give people authority, as two do it; decide within theirs; take,
hand on and end work that waits for a person; and have work wait for one, as the record tells it."""

from __future__ import annotations

from equipoise.service.contexts.cases.apart import (
    end_absence,
    end_tie,
    tell_absence,
    tell_tie,
)
from equipoise.service.contexts.cases.arriving import (
    Arrival,
    end_work,
    moment_of,
    open_work,
    settle_work,
)
from equipoise.service.contexts.cases.claims import (
    Closed,
    Taken,
    claim,
    close,
    release,
    renew,
    take_next,
)
from equipoise.service.contexts.cases.conflicts import OwnDecision, check_apart
from equipoise.service.contexts.cases.deciding import Answered, Changed, decide, give_back, pass_on
from equipoise.service.contexts.cases.delegations import Wanted as Lent
from equipoise.service.contexts.cases.delegations import ask as ask_to_lend
from equipoise.service.contexts.cases.delegations import confirm as confirm_lending
from equipoise.service.contexts.cases.delegations import end as end_lending
from equipoise.service.contexts.cases.delegations import refuse as refuse_lending
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
from equipoise.service.contexts.cases.officers import Authority
from equipoise.service.contexts.cases.officers import ask as ask_for_authority
from equipoise.service.contexts.cases.officers import confirm as confirm_authority
from equipoise.service.contexts.cases.officers import end as end_authority
from equipoise.service.contexts.cases.officers import refuse as refuse_authority
from equipoise.service.contexts.cases.overrides import Wanted, override
from equipoise.service.contexts.cases.reactions import react_to, rebuild

__all__ = [
    "Answered",
    "Arrival",
    "Authority",
    "Changed",
    "Closed",
    "Done",
    "Lent",
    "OwnDecision",
    "Refused",
    "Taken",
    "Wanted",
    "WorkKind",
    "ask_for_authority",
    "ask_to_lend",
    "assign",
    "check_apart",
    "claim",
    "close",
    "confirm_authority",
    "confirm_lending",
    "decide",
    "end_absence",
    "end_authority",
    "end_lending",
    "end_tie",
    "end_work",
    "give_back",
    "hold",
    "many",
    "moment_of",
    "open_work",
    "override",
    "pass_on",
    "react_to",
    "rebuild",
    "refuse_authority",
    "refuse_lending",
    "release",
    "renew",
    "resume",
    "settle_work",
    "snooze",
    "take_next",
    "tell_absence",
    "tell_tie",
    "wake",
]
