"""What others may do with the watch: bring watch.yaml in, approve it, measure, and act on alerts.

bring_in(by); approve(version, another)
acknowledge(alert, by, version_seen); treat(alert, by, version_seen, "the branch is called")
"""

from __future__ import annotations

from django.db import IntegrityError, transaction

from equipoise.errors import GateRefused
from equipoise.service.contexts.registry.services import check_judge
from equipoise.service.contexts.watch import documents
from equipoise.service.contexts.watch.acting import (
    LONGEST,
    Ending,
    acknowledge,
    agree_to_close,
    ask_to_close,
    end_silence,
    mitigate,
    refuse_to_close,
    silence,
    treat,
    treat_by_plan,
    verify,
)
from equipoise.service.contexts.watch.events import WatchApproved, WatchBrought, chain_of_version
from equipoise.service.contexts.watch.models import WatchVersion
from equipoise.service.contexts.watch.rebuilding import rebuild
from equipoise.service.contexts.watch.tasks import backtest_watch, measure_watch
from equipoise.service.contexts.watch.versions import version_in_force
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.jobs.reading import is_under_way
from equipoise.service.platform.overtaking import Overtaken
from equipoise.service.platform.record import services as record

__all__ = [
    "LONGEST",
    "Ending",
    "Overtaken",
    "acknowledge",
    "agree_to_close",
    "approve",
    "ask_backtest",
    "ask_measuring",
    "ask_to_close",
    "bring_in",
    "end_silence",
    "mitigate",
    "rebuild",
    "refuse_to_close",
    "silence",
    "treat",
    "treat_by_plan",
    "verify",
]


def bring_in(by: Principal) -> int:
    """Take watch.yaml of the workspace in, for somebody else to approve; the version's number.

    Raises BadInput or Faults with line and mend, and GateRefused where this very text is here.
    """
    text = documents.of_workspace()
    documents.parsed(text)
    digest = documents.digest_of(text)
    try:
        with transaction.atomic():
            row = WatchVersion.objects.create(
                text=text, digest=digest, brought_by=by.person, brought_at=clock.now()
            )
            brought = WatchBrought(by=by.id, key=by.key or None, digest=digest, person=by.person)
            chain = chain_of_version(row.pk)
            record.append(record.event(chain, brought, begins=True, rows=(row,)))
    except IntegrityError:
        raise GateRefused(
            "this very watch.yaml was brought in before", mend="change watch.yaml first"
        ) from None
    return int(row.pk)


def approve(version_id: int, by: Principal) -> None:
    """Have it watched from now on. Raises DoesNotExist, OwnWork or TwoPeople for who brought it in,
    and GateRefused where it was approved, or a newer one is in force."""
    with transaction.atomic():
        row = WatchVersion.objects.select_for_update().get(pk=version_id)
        if row.approved_at is not None:
            raise GateRefused("this watch.yaml is approved already")
        newer = version_in_force()
        if newer is not None and newer.pk > row.pk:
            raise GateRefused("a newer watch.yaml is in force", mend="bring watch.yaml in anew")
        check_judge([row.brought_by], by, "approve")
        row.approved_by, row.approved_at = by.person, clock.now()
        row.save(update_fields=["approved_by", "approved_at"])
        approved = WatchApproved(by=by.id, key=by.key or None, digest=row.digest, person=by.person)
        record.append(record.event(chain_of_version(row.pk), approved, rows=(row,)))
    ask_measuring()


def ask_measuring() -> None:
    """Have a worker measure soon, unless one does or is about to."""
    if not is_under_way(measure_watch.module_path):
        measure_watch.enqueue()


def ask_backtest(by: Principal) -> None:
    """Have a worker hold the indicators in force against history. Raises GateRefused where nothing
    is watched, or one is under way."""
    if version_in_force() is None:
        raise GateRefused("nothing is watched", mend="bring watch.yaml in, and have it approved")
    if is_under_way(backtest_watch.module_path):
        raise GateRefused("a back-test is under way already", mend="wait until it is done")
    backtest_watch.enqueue(by.id, by.key)
