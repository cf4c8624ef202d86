"""A disposal is proposed, decided on, seen through its calendar, and what came in is told.

Each says which state was `seen` (`reading.Shown.serial`). Raises DoesNotExist, Overtaken where
somebody was faster, BadInput, Unreadable once the applicant was erased, and GateRefused where it
cannot be done now.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from msgspec.structs import replace as _with

from equipoise.errors import BadInput
from equipoise.service.contexts.applications.reading import is_decided
from equipoise.service.contexts.disposals.events import (
    CareChanged,
    DateAdded,
    DateMet,
    DisposalApproved,
    DisposalBegun,
    DisposalEnded,
    DisposalEvent,
    DisposalProposed,
    DisposalRefused,
    MoneyRealised,
)
from equipoise.service.contexts.disposals.folding import Happening, Story, after, begun
from equipoise.service.contexts.disposals.following import add, follow
from equipoise.service.contexts.disposals.models import Disposal
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.accounts.second_person import check_second_person
from equipoise.service.platform.overtaking import check_seen
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects
from equipoise.service.platform.record.rows import row_states
from equipoise.service.platform.typed_text import bounded
from equipoise.watch.disposal import Measure, contact_rules
from equipoise.watch.disposal import propose as proposed

LANGUAGES = ("en", "zh")
"""In which a customer is written to."""
_MOST_DATES = 30


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody proposes about a loan, by its number in the books and the application it came
    of (empty where it came of none here). Money is in minor units of `currency`. The customer is
    contacted by the rules of `place` (`US`, `CN`), on the clock of `zone`."""

    loan: str
    measure: str
    reason: str
    exposure: int
    expected: int
    currency: str
    place: str
    zone: str
    application: str = ""
    letter: Mapping[str, str] = field(default_factory=dict)
    expires: date | None = None
    dates: Sequence[tuple[str, date]] = ()
    vulnerable: bool = False


def propose(of: Asked, by: Principal) -> str:
    """Propose it, for somebody else to approve; its id."""
    _check(of)
    now, chain = clock.now(), subjects.new_id("disposal")
    words = {
        "loan": bounded(of.loan, "loan", 80),
        "reason": bounded(of.reason, "reason"),
        "letter": {name: text.strip()[:4000] for name, text in of.letter.items() if text.strip()},
        "dates": [bounded(what, "date", 200) for what, _ in of.dates],
    }
    event = DisposalProposed(
        by=by.id,
        key=by.key or None,
        person=by.person,
        application=of.application,
        measure=of.measure,
        exposure=of.exposure,
        expected=of.expected,
        currency=of.currency,
        expires=None if of.expires is None else of.expires.isoformat(),
        dues=tuple(due.isoformat() for _, due in of.dates),
        place=of.place.upper(),
        zone=of.zone,
        vulnerable=of.vulnerable,
    )
    story = begun(event, now, words)
    proposed(story.disposal.proposal, LANGUAGES)
    with transaction.atomic():
        _append(chain, of, event, words)
    return chain


def approve(disposal: str, seen: int, by: Principal) -> None:
    """Approve it. Raises GateRefused for whoever proposed it, and TwoPeople where both accounts may
    be one person's."""
    with transaction.atomic():
        event = DisposalApproved(by=by.id, key=by.key or None, person=by.person)
        story = act(disposal, seen, event)
        check_second_person([story.disposal.proposal.by], by)


def refuse(disposal: str, seen: int, why: str, by: Principal) -> None:
    """Refuse it, as somebody who did not propose it."""
    event = DisposalRefused(by=by.id, key=by.key or None, person=by.person)
    act(disposal, seen, event, {"text": bounded(why, "why")})


def begin(disposal: str, seen: int, by: Principal) -> None:
    """What was approved is under way."""
    act(disposal, seen, DisposalBegun(by=by.id, key=by.key or None))


def add_date(disposal: str, seen: int, what: str, due: date, by: Principal) -> None:
    """A date more of its calendar."""
    event = DateAdded(by=by.id, key=by.key or None, due=due.isoformat())
    act(disposal, seen, event, {"what": bounded(what, "what", 200)})


def meet_date(disposal: str, seen: int, number: int, by: Principal) -> None:
    """A date of its calendar, counted from 0, is met today."""
    today = clock.now().date().isoformat()
    act(disposal, seen, DateMet(by=by.id, key=by.key or None, number=number, on=today))


def change_care(disposal: str, seen: int, why: str, by: Principal, *, vulnerable: bool) -> None:
    """The customer is vulnerable from now on, or is no more."""
    event = CareChanged(by=by.id, key=by.key or None, vulnerable=vulnerable)
    act(disposal, seen, event, {"text": bounded(why, "why")})


def realise(disposal: str, seen: int, entry: str, amount: int, by: Principal) -> None:
    """So many minor units came in today because of it, as that entry of the books says."""
    event = MoneyRealised(
        by=by.id,
        key=by.key or None,
        entry=bounded(entry, "entry", 80),
        on=clock.now().date().isoformat(),
        amount=amount,
    )
    act(disposal, seen, event)


def end(disposal: str, seen: int, by: Principal) -> None:
    """It is over."""
    act(disposal, seen, DisposalEnded(by=by.id, key=by.key or None))


def act(disposal: str, seen: int, event: DisposalEvent, words: Any = None) -> Story:
    """Let something happen to a disposal, in one transaction; what it is then."""
    with transaction.atomic():
        row = Disposal.objects.select_for_update().get(pk=disposal)
        check_seen(row.pk, DisposalEvent, row.serial, seen)
        happened = Happening(clock.now(), event, words or {})
        then = after(follow(row), happened)
        add(row, happened, then)
        return then


def forget(applications: Collection[str]) -> int:
    """Take the digest of the loan's number out of disposals whose applicants' keys are gone; how
    many there were. It stands in no event."""
    gone = Disposal.objects.filter(application__in=subjects.unreadable(applications))
    return gone.exclude(debt="").update(debt="")


def debt_of(loan: str) -> str:
    """The keyed digest by which disposals of one loan are found."""
    return subjects.blind("disposal.loan", loan).hex()


def _append(chain: str, of: Asked, event: DisposalProposed, words: Mapping[str, Any]) -> None:
    row = Disposal.objects.create(
        id=chain,
        application=of.application,
        debt=debt_of(words["loan"]),
        measure=of.measure,
        state="proposed",
        exposure=of.exposure,
        expected=of.expected,
        currency=of.currency,
        expires=of.expires,
        proposed_at=clock.now(),
    )
    tables = row_states([row], [])
    if of.application:
        body = subjects.seal_for(subjects.held(of.application), words).body
        proposal = _with(event, words=body)
        record.append(record.event(chain, proposal, begins=True, rows=(row,)))
    else:
        sealed = subjects.seal_new(chain, words)
        record.append(sealed.event(_with(event, words=sealed.body, tables=tables)))


def _check(of: Asked) -> None:
    if of.measure not in {each.value for each in Measure}:
        known = ", ".join(each.value for each in Measure)
        raise BadInput(f"'{of.measure}' is no measure", field="measure", mend=f"one of {known}")
    if of.application and not is_decided(of.application):
        raise BadInput(
            "there is no such application, or nothing is decided on it",
            field="application",
            mend="leave it empty for a loan of the tape alone",
        )
    if not (len(of.currency) == 3 and of.currency.isalpha() and of.currency.isupper()):
        raise BadInput("a currency has three capital letters", field="currency", mend="say EUR")
    if len(of.dates) > _MOST_DATES:
        raise BadInput(f"{_MOST_DATES} at most", field="dates", mend="leave out what is least")
    contact_rules(of.place, clock.now().date())
    zone_of(of.zone)


def zone_of(name: str) -> ZoneInfo:
    """The customer's time zone. Raises BadInput where there is none of that name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise BadInput(
            f"there is no time zone '{name}'", field="zone", mend="say Asia/Shanghai"
        ) from None
