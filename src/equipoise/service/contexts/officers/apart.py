"""Days on which people are away, and whom they may not decide about, a person or a branch: told by
themselves or by whoever manages people, at once, as they only narrow; a tie is ended by another
person alone."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from equipoise.authority import Away
from equipoise.contract import Contract, identifier_text
from equipoise.errors import BadInput, GateRefused, did_you_mean
from equipoise.service.contexts.applications.reading import search_text
from equipoise.service.contexts.officers.delegations import LONGEST, today_here
from equipoise.service.contexts.officers.events import AbsenceEnded, AbsenceTold, TieEnded, TieTold
from equipoise.service.contexts.officers.lent import BRANCH
from equipoise.service.contexts.officers.models import Absence, AppointmentState, Delegation, Tie
from equipoise.service.contexts.registry.reading import in_force, loaded
from equipoise.service.platform import clock
from equipoise.service.platform.accounts import reading as accounts
from equipoise.service.platform.accounts.permissions import Action, Principal
from equipoise.service.platform.accounts.rights import TwoPeople
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects

KINDS = ("self", "relative", "dealings")
"""Of ties to a person."""
IDENTIFIER = "identifier"


def tell_absence(person: str, starts: date, ends: date, by: Principal) -> Absence:
    """Say when somebody is away. Raises BadInput for days that cannot be, GateRefused as below."""
    _check_whose(person, by)
    if ends < starts or ends < today_here() or ends - starts > LONGEST:
        raise BadInput("these days cannot be", field="ends", mend="end after today, within a year")
    with transaction.atomic():
        row = Absence.objects.create(
            person=person, starts=starts, ends=ends, told_by=by.id, told_at=clock.now()
        )
        event = AbsenceTold(
            starts=starts.isoformat(), ends=ends.isoformat(), by=by.id, key=by.key or None
        )
        record.append(record.event(person, event, rows=(row,)))
    return row


def end_absence(absence_id: int, by: Principal) -> Absence:
    """They are back. Raises DoesNotExist where they were already, GateRefused as below."""
    with transaction.atomic():
        row = Absence.objects.select_for_update().get(pk=absence_id, ended_at__isnull=True)
        _check_whose(row.person, by)
        row.ended_at = clock.now()
        row.save(update_fields=["ended_at"])
        ended = AbsenceEnded(starts=row.starts.isoformat(), by=by.id, key=by.key or None)
        record.append(record.event(row.person, ended, rows=(row,)))
    return row


def check_here(person: str) -> None:
    """Raises Away where the person is, today; it names who decides in their place."""
    today = today_here()
    days = Absence.objects.filter(ended_at__isnull=True, starts__lte=today, ends__gte=today)
    until = days.filter(person=person).order_by("-ends").values_list("ends", flat=True).first()
    if until is not None:
        lent = Delegation.objects.filter(
            lender=person, state=AppointmentState.IN_FORCE, starts__lte=today, ends__gte=today
        )
        here = lent.exclude(borrower__in=days.values("person")).order_by("pk")
        raise Away(person, until, list(dict.fromkeys(here.values_list("borrower", flat=True))))


def absences() -> list[Absence]:
    """Who is away or will be, the next first."""
    rows = Absence.objects.filter(ended_at__isnull=True, ends__gte=today_here())
    return list(rows.order_by("starts", "pk"))


def fields() -> list[str]:
    """By what somebody can be named: the identifier, and the contracts' searchable fields."""
    names = {f.name for contract in _contracts() for f in contract.fields if f.searchable}
    return [IDENTIFIER, *sorted(names)]


def tell_tie(person: str, what: str, field: str, value: str, by: Principal) -> Tie:
    """Say that somebody may not be decided about by the person. The value is kept nowhere. Raises
    BadInput for a value or a field that names nobody, GateRefused as below."""
    _check_whose(person, by)
    if what not in KINDS:
        raise BadInput("there is no such tie", field="kind", mend=f"one of {', '.join(KINDS)}")
    return _tell(Tie(person=person, kind=what, digest=_digest(field, value)), by)


def tell_branch(person: str, branch: str, by: Principal) -> Tie:
    """Say that the person decides no cases of that branch, such as their own. Raises BadInput for
    one that there is not, GateRefused as below."""
    _check_whose(person, by)
    known = accounts.branches()
    if branch not in known:
        raise BadInput(
            f"there is no branch '{branch}'", field="branch", mend=did_you_mean(branch, known)
        )
    return _tell(Tie(person=person, kind=BRANCH, branch=branch), by)


def end_tie(tie_id: int, by: Principal) -> Tie:
    """Another says that it holds no more. Raises TwoPeople for the person themselves and for who
    told it, DoesNotExist where it was ended."""
    with transaction.atomic():
        row = Tie.objects.select_for_update().get(pk=tie_id, ended_at__isnull=True)
        if by.person == row.person or by.id == row.told_by:
            raise TwoPeople("another person ends it", mend="ask somebody else to")
        row.ended_by, row.ended_at = by.id, clock.now()
        row.save(update_fields=["ended_by", "ended_at"])
        ended = TieEnded(tie=row.pk, what=row.kind, by=by.id, key=by.key or None)
        record.append(record.event(row.person, ended, rows=(row,)))
    return row


def ties() -> list[Tie]:
    """Those that hold, by person: who somebody is tied to is readable by nobody."""
    return list(Tie.objects.filter(ended_at__isnull=True).order_by("person", "pk"))


def _tell(row: Tie, by: Principal) -> Tie:
    row.told_by, row.told_at = by.id, clock.now()
    try:
        with transaction.atomic():
            row.save()
            event = TieTold(
                tie=row.pk, what=row.kind, branch=row.branch, by=by.id, key=by.key or None
            )
            record.append(record.event(row.person, event, rows=(row,)))
    except IntegrityError:
        raise GateRefused("this was told already") from None
    return row


def _check_whose(person: str, by: Principal) -> None:
    if by.person != person and by.reach(Action.MANAGE_USERS) is None:
        raise GateRefused("nobody says this of another", mend="ask them, or an administrator")
    if accounts.principal(person) is None:
        raise BadInput(f"there is no person '{person}'", field="person")


def _digest(field: str, value: str) -> str:
    if field == IDENTIFIER:
        text = identifier_text(value)
        name = next((contract.id for contract in _contracts() if contract.id), "")
    else:
        text, name = search_text(value), field if field in fields() else ""
    if not text or not name:
        raise BadInput("this names nobody", field="value", mend="give what they are found by")
    return subjects.blind(name, text).hex()


def _contracts() -> list[Contract]:
    return [loaded(digest).content.contract for digest in in_force().values()]
