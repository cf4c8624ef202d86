"""Letters that people were owed in a rehearsal: what became of each, how many of a kind, and what
is not as it has to be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

_LAPSED = "offer_lapsed"  # written only once the time in which an offer is taken is nearly over


@dataclass(slots=True)
class Owed:
    """A letter that somebody is owed `since` a moment, by a last day where one is set. `told` is
    whether the record says so; `lacks` is what it could not be written without, `written` and
    `digest` when it was and its SHA-256, `taken` whether its applicant has it; `dropped` are those
    that were not owed any more, or that nobody is left for."""

    draft: str
    kind: str
    since: datetime
    due_on: date | None = None
    told: bool = True
    lacks: str = ""
    written: datetime | None = None
    digest: str = ""
    taken: bool = False
    dropped: bool = False

    @property
    def open(self) -> bool:
        """Whether it is still to be written."""
        return self.written is None and not self.dropped

    def late(self, until: datetime) -> bool:
        """Whether it was not written by its last day; days are those of UTC."""
        if self.dropped or self.due_on is None:
            return False
        return (self.written or until).date() > self.due_on

    def amiss(self, until: datetime, patience: timedelta) -> str:
        """What is wrong with it at that moment, where whoever writes letters needs no longer than
        `patience`; empty where nothing is."""
        what = f"{self.draft}: a letter ({self.kind}) is owed since {self.since:%F %T}"
        if self.late(until):
            how = "" if self.written is None else f", and was written on {self.written:%F}"
            return f"{what}, by {self.due_on}: it is late{how}"
        if until - self.since <= patience or not self.open:
            return ""
        if not self.told:
            return f"{what}, and the record does not say so"
        waits = not self.lacks and self.kind != _LAPSED
        return f"{what}, and is neither written nor told as lacking" if waits else ""


@dataclass(frozen=True, slots=True)
class Letters:
    """How many of a kind were owed, and what became of them; of those `written` so many were
    `taken`."""

    kind: str
    owed: int
    written: int
    taken: int
    lacking: int
    dropped: int
    late: int

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)

    def line(self) -> str:
        """As a person reads it."""
        more = {"lacking": self.lacking, "not owed any more": self.dropped, "late": self.late}
        said = "".join(f", {count} {what}" for what, count in more.items() if count)
        return f"letters ({self.kind}): {self.owed} owed, {self.written} written, " + (
            f"{self.taken} taken{said}"
        )


def counted(every: Sequence[Owed], until: datetime) -> list[Letters]:
    """Them by kind."""
    return [
        _of_kind(kind, [each for each in every if each.kind == kind], until)
        for kind in sorted({each.kind for each in every})
    ]


def _of_kind(kind: str, them: Sequence[Owed], until: datetime) -> Letters:
    return Letters(
        kind=kind,
        owed=len(them),
        written=sum(each.written is not None for each in them),
        taken=sum(each.taken for each in them),
        lacking=sum(bool(each.lacks) and each.open for each in them),
        dropped=sum(each.dropped for each in them),
        late=sum(each.late(until) for each in them),
    )


def taken(every: Iterable[Owed]) -> dict[str, set[str]]:
    """By draft, the SHA-256 of the letters that its applicant took."""
    by_draft: dict[str, set[str]] = {}
    for each in every:
        if each.taken:
            by_draft.setdefault(each.draft, set()).add(each.digest)
    return by_draft
