"""What others may do: have the book measured, or put it under stress."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from equipoise.errors import BadInput, GateRefused, did_you_mean
from equipoise.service.contexts.books.events import BookAsked, chain_of
from equipoise.service.contexts.books.models import Measuring, Of, State
from equipoise.service.contexts.books.reading import scenario_files
from equipoise.service.contexts.books.running import measure
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.jobs.registering import queued
from equipoise.service.platform.record import services as record

MOST_SCENARIOS, MOST_LIMITS = 8, 8


def ask_portfolio(by: Principal) -> int:
    """Queue a measuring of the book as it stands; its number. Raises GateRefused while one is under
    way."""
    return _ask(Of.PORTFOLIO, (), (), by)


def ask_stress(scenarios: Sequence[str], limits: Sequence[str], by: Principal) -> int:
    """Queue a stress test; its number. `scenarios` are files of the workspace's folder of
    scenarios, `limits` what is looked for, as `loss_rate <= 8%`.

    Raises BadInput for a file that is not there or a limit that cannot be read, and GateRefused
    while a stress test is under way.
    """
    from equipoise.review.stress.limits import read_limit  # large

    known = scenario_files()
    if not 0 < len(scenarios) <= MOST_SCENARIOS:
        raise BadInput("choose a scenario", field="scenario", mend=f"1 to {MOST_SCENARIOS} files")
    for name in scenarios:
        if name not in known:
            raise BadInput(
                f"there is no scenario '{name[:80]}'",
                field="scenario",
                mend=did_you_mean(name, known),
            )
    if len(limits) > MOST_LIMITS:
        raise BadInput("that are too many limits", field="limits", mend=f"{MOST_LIMITS} at most")
    read = [read_limit(each).text for each in limits]
    return _ask(Of.STRESS, scenarios, read, by)


def _ask(of: Of, scenarios: Sequence[str], limits: Sequence[str], by: Principal) -> int:
    with transaction.atomic():
        if Measuring.objects.filter(of=of, state=State.QUEUED).exists():
            raise GateRefused("one is under way", mend="wait until it is done")
        row = Measuring.objects.create(
            of=of,
            scenarios="\n".join(scenarios),
            limits="\n".join(limits),
            asked_by=by.id,
            made_at=clock.now(),
        )
        job = queued(measure, row.pk)
        job.save()
        row.job = UUID(str(job.pk))
        row.save(update_fields=["job"])
        asked = BookAsked(
            by=by.id,
            key=by.key or None,
            of=of.value,
            scenarios=tuple(scenarios),
            limits=tuple(limits),
        )
        record.append(record.event(chain_of(row.pk), asked, begins=True, rows=(row,)))
    return int(row.pk)
