"""What others may do with papers: bring one, take it back, open it for the desk, and forget whoever
was erased.

Everything that changes one is a transaction, alone with the draft's chain. A file is there before
its row is committed, and goes after the row went: what is cut off between leaves a file that
belongs to nobody, and is removed.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import IO

from django.conf import settings
from django.db import transaction

from equipoise.errors import EquipoiseError
from equipoise.service.contexts.applications.reading import ApplicationSummary
from equipoise.service.contexts.decisions.reading import Withheld, may_read
from equipoise.service.contexts.drafts import services as drafts
from equipoise.service.contexts.drafts.reading import draft_of
from equipoise.service.contexts.drafts.services import Hands
from equipoise.service.contexts.papers import files
from equipoise.service.contexts.papers.contents import content_of
from equipoise.service.contexts.papers.events import PaperBrought, PaperRead, PaperRemoved
from equipoise.service.contexts.papers.going import forget, gone
from equipoise.service.contexts.papers.models import Paper, PaperState
from equipoise.service.contexts.papers.tasks import scan_held
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.allowances.leases import Allowance, UsedUp, take
from equipoise.service.platform.papers import MOST_BYTES, PDF, Cleaned, NotTaken, Why, clean
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects

__all__ = [
    "MOST_BYTES",
    "MOST_PAPERS",
    "Bringer",
    "Busy",
    "NotTaken",
    "TooMany",
    "UsedUp",
    "Why",
    "bring",
    "forget",
    "opened",
    "take_back",
]
MOST_PAPERS = 20
"""Papers that are kept of one application."""
_HOUR = timedelta(hours=1)
_OF_DRAFT = Allowance("papers of a draft", 40, _HOUR)
_OF_ADDRESS = Allowance("papers of an address", 200, _HOUR)  # a branch brings many people's
_MOST_KEPT = 2 * MOST_BYTES  # bytes that a file may have once it is drawn anew
_MOST_NAME = 120
_AT_ONCE, _PATIENCE = 2, 30.0  # files that are read at once; seconds that another waits
_reading = threading.BoundedSemaphore(_AT_ONCE)


class TooMany(EquipoiseError):
    """The application has as many papers as are kept."""


class Busy(EquipoiseError):
    """Too many files are being read at this moment."""


@dataclass(frozen=True, slots=True)
class Bringer:
    """Who brings something to a draft, and from which address; None where a program does, whose
    requests are counted by its own rate."""

    draft: str
    address: str | None
    hands: Hands


def bring(bringer: Bringer, file: IO[bytes], name: str, about: str = "") -> str:
    """Keep what the file shows; the paper's id.

    `name` is what its file was called, `about` what it was asked for as (empty: nothing in
    particular): where that is a question of the contract's that is asked now, this answers it, in
    the place of what did before. Raises NotTaken, TooMany, Busy, UsedUp, Closed where it cannot be
    answered any more, and Unreadable where the draft has ended.
    """
    draft = bringer.draft
    _refuse_more(draft)
    if bringer.address is not None:
        take(_OF_ADDRESS, bringer.address)
    take(_OF_DRAFT, draft)
    with _one_of_few():
        cleaned = clean(file.read(MOST_BYTES + 1))
    if len(cleaned.content) > _MOST_KEPT:
        raise NotTaken(Why.TOO_LARGE)
    asked = drafts.document_asked(draft, about) if about else None
    if asked is not None:
        _refuse_other(asked.accepts, cleaned.kind)
    with transaction.atomic():
        subject = subjects.held(draft)
        _refuse_more(draft)
        row = _kept(subject, cleaned, about)
        called = subjects.seal_for(subject, {"name": _fit(name)}).body
        brought = PaperBrought(
            by=bringer.hands.by,
            paper=row.id,
            at=_now(),
            channel=bringer.hands.channel,
            about=about,
            called=called,
        )
        record.append(record.event(draft, brought, rows=(row,)))
        if asked is not None:
            _answered_with(row, _fit(name), bringer.hands)
    if row.state == PaperState.HELD:
        scan_held.enqueue()
    return str(row.id)


def take_back(draft: str, paper: str, hands: Hands) -> None:
    """Remove one of the draft's papers at its applicant's word; done again, it is done."""
    with transaction.atomic():
        subjects.held(draft)
        for row in Paper.objects.filter(pk=paper, draft=draft):
            gone(row, PaperRemoved(by=hands.by, paper=row.id, at=_now(), why="taken_back"))
            drafts.document_gone(draft, paper)


def opened(application: ApplicationSummary, paper: str, by: Principal) -> tuple[str, bytes]:
    """The kind and content of a paper, for somebody of the lender's; that they opened it is told.

    Raises DoesNotExist where it is none of the application's, Withheld, GateRefused where it is
    held or refused, Unreadable where it is gone.
    """
    row = Paper.objects.get(pk=paper, draft=draft_of(application.id) or "")
    if not may_read(by, application):
        raise Withheld
    with transaction.atomic():
        subject = subjects.held(row.draft)
        row.refresh_from_db()
        content = content_of(subject, row)
        read = PaperRead(
            by=by.id, key=by.key or None, paper=row.id, at=_now(), application=application.id
        )
        record.append(record.event(row.draft, read))
    return row.kind, content


def _kept(subject: subjects.Subject, cleaned: Cleaned, about: str) -> Paper:
    paper = subjects.new_id("paper")
    sealed = subjects.seal_file(subject, paper, cleaned.content)
    files.keep(paper, sealed)
    return Paper.objects.create(
        id=paper,
        draft=subject.chain,
        about=about,
        kind=cleaned.kind,
        size=len(cleaned.content),
        pages=cleaned.pages,
        digest=sha256(sealed).hexdigest(),
        state=PaperState.HELD if settings.CONFIGURATION.clamd else PaperState.CLEAR,
        brought_at=clock.now(),
    )


def _answered_with(row: Paper, name: str, hands: Hands) -> None:
    """Have it answer the question that it is about; what did before goes."""
    held = row.state == PaperState.HELD
    before = drafts.answer_with(row.draft, row.about, row.id, name, row.size, held=held)
    for old in Paper.objects.filter(pk=before, draft=row.draft):
        gone(old, PaperRemoved(by=hands.by, paper=old.id, at=_now(), why="replaced"))


def _refuse_other(accepts: Sequence[str], kind: str) -> None:
    if ("pdf" if kind == PDF else "picture") not in accepts:
        raise NotTaken(Why.NO_PDF if kind == PDF else Why.NO_PICTURE)


def _refuse_more(draft: str) -> None:
    if Paper.objects.filter(draft=draft).count() >= MOST_PAPERS:
        raise TooMany(f"{MOST_PAPERS} papers are kept of one application", mend="remove one")
    subjects.refuse_erased(draft)


@contextmanager
def _one_of_few() -> Iterator[None]:
    if not _reading.acquire(timeout=_PATIENCE):
        raise Busy("too many files are being read", mend="bring it again in a minute")
    try:
        yield
    finally:
        _reading.release()


def _fit(name: str) -> str:
    """A file's name as it can be shown: its last part, without what cannot be printed."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(each for each in last if each.isprintable())[:_MOST_NAME]


def _now() -> str:
    return clock.now().isoformat()
