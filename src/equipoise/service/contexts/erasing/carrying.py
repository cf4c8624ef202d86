"""Carrying an erasure out: the same steps again and again, until nothing is left to do.

Each step may be done twice. Whatever ends the process, the next attempt begins at the first step
and finds most of it done.
"""

from __future__ import annotations

import time

from django.db import transaction
from django.db.models import QuerySet

from equipoise.service.contexts.complaints import services as complaints
from equipoise.service.contexts.conversations import services as conversations
from equipoise.service.contexts.decisions.services import forget_sent
from equipoise.service.contexts.disposals import services as disposals
from equipoise.service.contexts.drafts import services as drafts
from equipoise.service.contexts.erasing import batches, database, needles, register
from equipoise.service.contexts.erasing.events import ErasureDone
from equipoise.service.contexts.erasing.models import Erasure, State
from equipoise.service.contexts.erasing.needles import Needles
from equipoise.service.contexts.erasing.scanning import Scan, scan
from equipoise.service.contexts.papers import services as papers
from equipoise.service.platform import clock
from equipoise.service.platform.messages import services as messages
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects

_LONGEST = 3600.0  # seconds between two tries
_STRAY = 3600.0  # seconds after which an erasure is begun or never was
_ELSEWHERE = "it is proved on the machine on which it was begun, as its files stand there"


def carry_on(erasure: Erasure) -> Erasure:
    """Do what is left of it; `state` is done once none of our files holds anything of it."""
    if erasure.state == State.DONE:
        return erasure
    wanted = needles.taken_up(erasure.pk, bytes(erasure.needles or b""))
    _forget_applicants(erasure)
    removed, waits = _remove_files(wanted) if wanted else ([], [_ELSEWHERE])
    erasure.report["batches"] = sorted({*erasure.report.get("batches", ()), *removed})
    held = database.let_go()
    waits += [held] if held else []
    proof = _proved(wanted) if wanted and not waits else None
    if proof is not None:
        erasure.report |= {"files": proof.files, "bytes": proof.bytes}
        waits += [f"something of it stands in {name}" for name in proof.holding]
    erasure.report["waits"] = waits
    if waits:
        erasure.report["tries"] = erasure.report.get("tries", 0) + 1
        erasure.report["tried"] = time.time()
        _running(erasure).update(report=erasure.report)
        return erasure
    return _end(erasure)


def carry_on_all() -> int:
    """Go on with all that are not done, the oldest first; how many still are not."""
    rows = list(Erasure.objects.filter(state=State.RUNNING).order_by("pk"))
    tried = [carry_on(each) for each in rows if _due(each)]
    _sweep()
    return len(rows) - len([each for each in tried if each.state == State.DONE])


def _due(erasure: Erasure) -> bool:
    """Whether it is to be tried again: each time after a longer while, as all files are read."""
    since = time.time() - float(erasure.report.get("tried", 0.0))
    wait = min(2.0 ** int(erasure.report.get("tries", 0)) * 30, _LONGEST)
    return not 0 <= since < wait  # a clock that was set back holds nothing up


def _sweep() -> None:
    """Remove keys to needles that nobody needs: whoever ended it, or began it, was killed."""
    for name, age in needles.set_aside():
        running = Erasure.objects.filter(pk=name, state=State.RUNNING).exists()
        if not running and age > _STRAY:
            needles.forget(name)


def _forget_applicants(erasure: Erasure) -> None:
    for subject in subjects.readable(erasure.subjects):
        subjects.erase(subject, erasure.by, erasure.reason)
    # What was sent is not told apart by its digest any more: a retry is refused, never decided.
    for forget in (
        forget_sent,
        messages.forget,
        papers.forget,
        drafts.forget,
        complaints.forget,
        conversations.forget,
        disposals.forget,
    ):
        forget(erasure.subjects)
    register.tell()


def _remove_files(wanted: Needles) -> tuple[list[str], list[str]]:
    removed, waits = [], []
    for each in batches.holding(wanted.person, batches.fitting()[0]):
        if each.open:
            waits.append(f"{each.batch} is being decided")
        else:
            batches.remove(each.batch)
            removed.append(each.batch)
    return removed, waits


def _proved(wanted: Needles) -> Scan:
    """Look; where the database still holds copies, have it write them over and look again. A blind
    index that somebody shares who stays is theirs."""
    wanted = wanted.without(subjects.in_use(wanted.raw))
    for step in (None, lambda: database.let_go(thoroughly=True), _rewritten):
        if step is not None:
            step()
        scanned = scan(wanted)
        if not any("service.sqlite3" in name for name in scanned.holding):
            break
    return scanned


def _rewritten() -> None:
    database.rewrite()
    database.let_go()


def _end(erasure: Erasure) -> Erasure:
    report = {**erasure.report, "remarks": [*database.remarks()]}
    ends = {"state": State.DONE, "done_at": clock.now(), "needles": None, "report": report}
    done = ErasureDone(**{name: report[name] for name in ("batches", "files", "bytes")})
    with transaction.atomic():
        if _running(erasure).update(**ends):  # not where another worker was first
            record.append(record.event(erasure.pk, done))
    needles.forget(erasure.pk)  # last: begun again without it, nothing could be proved
    erasure.refresh_from_db()
    return erasure


def _running(erasure: Erasure) -> QuerySet[Erasure]:
    return Erasure.objects.filter(pk=erasure.pk, state=State.RUNNING)
