"""The default: the strategy that answers where none is named. The first that is published becomes
it; later names never do, until someone who may publish says so."""

from __future__ import annotations

from django.db import transaction

from equipoise.authority.gates import refuse
from equipoise.errors import GateRefused
from equipoise.service.contexts.registry.events import DefaultMade
from equipoise.service.contexts.registry.gates import CHECKS, comparisons, results
from equipoise.service.contexts.registry.judging import check_judge
from equipoise.service.contexts.registry.models import Default, Pointer
from equipoise.service.contexts.registry.reading import with_file
from equipoise.service.contexts.registry.telling import chain_of
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.record import services as record

_FIRST = "the first strategy that was published"


def first_published(
    strategy: str, by: str, key: str | None = None, person: str | None = None
) -> None:
    """Make it the default where there is none, in the transaction that puts it in force."""
    row, made = Default.objects.get_or_create(
        pk=1, defaults={"strategy": strategy, "by": by, "reason": _FIRST}
    )
    if made:
        first = DefaultMade(
            strategy=strategy, former=None, reason=_FIRST, by=by, key=key, person=person
        )
        _tell(row, first)


def make_default(strategy: str, by: Principal, reason: str) -> Default:
    """From now on it answers where no strategy is named.

    It must be in force, and able to decide what the former default decided last: whoever names
    none goes on sending the same facts. Raises GateRefused and NotPassed where it is not, OwnWork
    where `by` wrote it, DoesNotExist where nothing was published yet.
    """
    before = Default.objects.get()
    if before.strategy == strategy:
        raise GateRefused("it is the default already")
    version = _in_force(strategy).version
    check_judge(version.authors, by, "make the default of")
    verdicts = results(with_file(version), [*CHECKS, *comparisons(before.strategy)])
    refuse(verdicts)
    with transaction.atomic():
        now = Default.objects.select_for_update().get()
        if now.strategy != before.strategy or _in_force(strategy).version_id != version.pk:
            raise GateRefused("someone else was first", mend="look at what is in force now")
        now.strategy, now.by, now.reason = strategy, by.id, reason
        now.at = clock.now()
        now.save()
        made = DefaultMade(
            strategy=strategy,
            former=before.strategy,
            reason=reason,
            gates=[each.as_dict() for each in verdicts],
            by=by.id,
            key=by.key or None,
            person=by.person,
        )
        _tell(now, made)
    return now


def is_in_force() -> bool:
    """Whether requests that name no strategy are decided."""
    default = Default.objects.first()
    return default is not None and Pointer.objects.filter(strategy=default.strategy).exists()


def _in_force(strategy: str) -> Pointer:
    pointer = Pointer.objects.select_related("version").filter(strategy=strategy).first()
    if pointer is None:
        raise GateRefused("it is not in force", mend="publish a version of it first")
    return pointer


def _tell(row: Default, event: DefaultMade) -> None:
    record.append(record.event(chain_of(row.strategy), event, rows=(row,)))
