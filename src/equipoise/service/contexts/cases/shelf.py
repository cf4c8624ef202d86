"""Where work stands as the record is followed: in its table; or beside it, where somebody only asks
what the record makes of it, and nothing may be written.

    with beside() as apart:
        ...                       # reactions to what was recorded
    apart.rows()
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

from django.db.models import Q

from equipoise.service.contexts.cases.models import Work


class Shelf(Protocol):
    """All that following the record does with work."""

    def waiting(self, chain: str) -> Sequence[Work]:
        """What is open in that chain."""

    def at(self, work: str) -> Work | None:
        """The one of that id."""

    def keep(self, row: Work) -> None:
        """Have it stand as it is, whatever stood there."""

    def change(self, row: Work, **columns: Any) -> None:
        """Change these columns alone, where it is open."""

    def forget(self, chain: str) -> None:
        """Have nothing stand of whoever that chain, or the application of that id, is about."""


class Stored:
    """The table."""

    def waiting(self, chain: str) -> Sequence[Work]:
        return list(Work.objects.filter(chain=chain, closed_at__isnull=True))

    def at(self, work: str) -> Work | None:
        return Work.objects.filter(pk=work).first()

    def keep(self, row: Work) -> None:
        row.save()

    def change(self, row: Work, **columns: Any) -> None:
        Work.objects.filter(pk=row.pk, closed_at__isnull=True).update(**columns)

    def forget(self, chain: str) -> None:
        Work.objects.filter(Q(chain=chain) | Q(application=chain)).delete()


class Beside:
    """Rows that stand in no table."""

    def __init__(self) -> None:
        self._rows: dict[str, Work] = {}

    def waiting(self, chain: str) -> Sequence[Work]:
        return [row for row in self._rows.values() if row.chain == chain and row.closed_at is None]

    def at(self, work: str) -> Work | None:
        return self._rows.get(work)

    def keep(self, row: Work) -> None:
        self._rows[row.id] = row

    def change(self, row: Work, **columns: Any) -> None:
        if row.closed_at is None:
            for name, value in columns.items():
                setattr(row, name, value)

    def forget(self, chain: str) -> None:
        gone = [row.id for row in self._rows.values() if chain in (row.chain, row.application)]
        for each in gone:
            del self._rows[each]

    def rows(self) -> Sequence[Work]:
        """All that stands there."""
        return list(self._rows.values())


_TABLE = Stored()
_SHELF: ContextVar[Shelf | None] = ContextVar("shelf", default=None)


def shelf() -> Shelf:
    """Where it stands here."""
    return _SHELF.get() or _TABLE


@contextmanager
def beside() -> Iterator[Beside]:
    """Have what is followed inside stand in no table."""
    apart = Beside()
    before = _SHELF.set(apart)
    try:
        yield apart
    finally:
        _SHELF.reset(before)
