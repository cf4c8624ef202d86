"""Why something was refused, in the language spoken now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC

from equipoise.authority import (
    AlreadySigned,
    AuthorityExceeded,
    Away,
    ConflictOfInterest,
    KeptFromBranch,
    SelfDealing,
)
from equipoise.errors import EquipoiseError
from equipoise.service.contexts.cases.services import Closed, OwnDecision, Taken
from equipoise.service.platform.accounts import reading as accounts
from equipoise.texts.refusing import refused
from equipoise.texts.saying import marked, say

_SAID: Mapping[type[EquipoiseError], str] = {
    Closed: marked("It waits for nobody any more."),
    SelfDealing: marked("Whoever wrote an application does not decide it."),
    ConflictOfInterest: marked("It is about somebody with whom that person has dealings."),
    AlreadySigned: marked("That person has signed it: another signs next."),
    AuthorityExceeded: marked("It needs more authority than that person has."),
    OwnDecision: marked("That person decided it: another looks at it again."),
}


def refusal(error: EquipoiseError | None) -> str:
    """What is said of it; None where there is no such case within reach."""
    if error is None:
        return say("There is no such case here.")
    if isinstance(error, Taken):
        since = f"{error.since.astimezone(UTC):%Y-%m-%d %H:%M}"
        return say("{name} has it since {since} UTC.", name=error.name, since=since)
    if isinstance(error, Away):
        return _away(error)
    if isinstance(error, KeptFromBranch):
        return say("That person keeps from cases of the branch {branch}.", branch=error.branch)
    said = _SAID.get(type(error))
    return refused(error) if said is None else say(said)


def _away(error: Away) -> str:
    """Until when, and who decides in their place."""
    names = accounts.usernames([error.officer_id, *error.deputies])
    who = names.get(error.officer_id, error.officer_id)
    said = say("{name} is away until {day}.", name=who, day=error.until.isoformat())
    if not error.deputies:
        return said
    deputies = ", ".join(names.get(each, each) for each in error.deputies)
    return f"{said} {say('In their place decides: {names}.', names=deputies)}"
