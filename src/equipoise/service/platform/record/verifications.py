"""Verifying the whole record as a job that a person asked for on a page.

What it came to is recorded too: a table alone could be made to say anything. It is one at a time,
and reads what `equipoise record verify` reads, with one process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from equipoise.record.verifying import Fault, Verdict
from equipoise.service.platform import clock
from equipoise.service.platform.jobs import reading as jobs
from equipoise.service.platform.jobs.registering import LONG, Again, job, stopping
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.events import RecordVerified
from equipoise.service.platform.record.models import Verification
from equipoise.service.platform.record.proving import Rows, verify_record, verify_rows

CHAIN = "verifications"
LOST = "lost"
_TOLD = 50  # faults and rows that are told one by one
BESIDES: list[Callable[[], Fault | None]] = []
"""What other rooms have looked at besides: each names the first thing that is not as recorded."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a verification came to; faults and rows are named, so many at most."""

    entries: int
    checkpoints: int
    signed: int
    unsigned: int
    bad: int
    rows: int
    faults: Sequence[str]
    wrong_rows: Sequence[Mapping[str, Any]]  # table, id, what, columns: see `deriving.Difference`
    notes: Sequence[str]

    @property
    def valid(self) -> bool:
        """Whether all is as it was written, and as the record tells."""
        return not (self.bad or self.rows)


@dataclass(frozen=True, slots=True)
class Asked:
    """A verification: who asked for it, how far it is (`share` of the `step`), and its report, or
    the kind of what broke it."""

    number: int
    by: str
    at: datetime
    under_way: bool
    step: str
    share: float
    failed: str
    report: Report | None
    ended_at: datetime | None


def besides(look: Callable[[], Fault | None]) -> None:
    """Have every verification look at this too."""
    if look not in BESIDES:
        BESIDES.append(look)


def ask(by: str) -> bool:
    """Ask for one, whose job begins at once; False where one is under way already."""
    _give_up()
    try:
        with transaction.atomic():
            row = Verification.objects.create(asked_by=by, asked_at=clock.now())
            row.job = UUID(str(verify_asked.enqueue(row.pk).id))
            row.save(update_fields=["job"])
    except IntegrityError:
        return False
    return True


def _give_up() -> None:
    """End what no worker could: its job is not on the queue any more."""
    for row in Verification.objects.filter(under_way=True):
        if row.job is not None and not jobs.waits(row.job):
            _end(row.pk, failed=LOST)


def newest(most: int) -> list[Asked]:
    """The newest ones."""
    return [_asked(row) for row in Verification.objects.order_by("-pk")[:most]]


@job(queue=LONG, attempts=3)
def verify_asked(number: int) -> None:
    """Verify, tell how far it is, and record what it came to; done again, it is done already."""
    if not Verification.objects.filter(pk=number, under_way=True).exists():
        return
    progress = _Told(number)
    try:
        verdict = verify_record(progress=progress)
        rows = verify_rows(progress=progress)
        report = _report(verdict, rows, [fault for look in BESIDES if (fault := look())])
    except Again:
        raise
    except Exception as error:
        _end(number, failed=type(error).__name__)
        raise
    with transaction.atomic():
        if _end(number, report=_plain(report)):
            row = Verification.objects.get(pk=number)
            record.append(record.event(CHAIN, _event(report, row.asked_by)))


def _report(verdict: Verdict, rows: Rows, others: Sequence[Fault]) -> Report:
    faults = [*verdict.faults, *others]
    return Report(
        entries=verdict.events,
        checkpoints=verdict.checkpoints,
        signed=verdict.signed,
        unsigned=verdict.unsigned,
        bad=len(faults),
        rows=len(rows.differences),
        faults=[_fault(each) for each in islice(faults, _TOLD)],
        wrong_rows=[each.as_dict() for each in islice(rows.differences, _TOLD)],
        notes=[*verdict.notes, *rows.notes],
    )


def _fault(fault: Fault) -> str:
    places = (("entry", fault.sequence), ("chain", fault.chain or None), ("place", fault.index),
              ("checkpoint", fault.checkpoint))  # fmt: skip
    where = ", ".join(f"{name} {value}" for name, value in places if value is not None)
    return f"{fault.what} ({where})" if where else fault.what


def _event(report: Report, by: str) -> RecordVerified:
    names = ("entries", "checkpoints", "signed", "unsigned", "bad", "rows")
    return RecordVerified(by=by, **{name: getattr(report, name) for name in names})


def _plain(report: Report) -> dict[str, Any]:
    return {name: getattr(report, name) for name in report.__slots__}


def _end(number: int, **columns: Any) -> bool:
    open_ = Verification.objects.filter(pk=number, under_way=True)
    return bool(open_.update(under_way=False, ended_at=clock.now(), **columns))


def _asked(row: Verification) -> Asked:
    return Asked(
        number=row.pk,
        by=row.asked_by,
        at=row.asked_at,
        under_way=row.under_way,
        step=row.step,
        share=row.share,
        failed=row.failed,
        report=None if row.report is None else Report(**row.report),
        ended_at=row.ended_at,
    )


class _Told:
    """Progress that stands in the verification's row, for the page that waits for it."""

    def __init__(self, number: int) -> None:
        self._number = number

    @contextmanager
    def step(self, title: str) -> Iterator[_Told]:
        self._tell(step=title, share=0.0)
        yield self

    def advance(self, done: float, total: float) -> None:
        """Between two stretches of the record: the place to stop at, too."""
        if stopping():
            raise Again
        self._tell(share=min(1.0, done / total) if total else 1.0)

    def _tell(self, **columns: Any) -> None:
        Verification.objects.filter(pk=self._number).update(**columns)
