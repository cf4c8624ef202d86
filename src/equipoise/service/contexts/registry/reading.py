"""What others may know of strategies: which are in force, a version by its digest or number, also
ready to decide, its lender's day, and the people behind it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from equipoise.authority.lifecycle import State
from equipoise.errors import GateRefused
from equipoise.service.contexts.registry.compiled_cache import Unusable, loaded
from equipoise.service.contexts.registry.days import lender_day
from equipoise.service.contexts.registry.judging import check_judge
from equipoise.service.contexts.registry.models import Default, Pointer, Version
from equipoise.service.contexts.registry.sealed_files import (
    Registered,
    Unregistered,
    registered,
    with_file,
)
from equipoise.service.contexts.registry.told import (
    InForce,
    Moved,
    Taken,
    all_standing,
    content_of,
    publications,
    standing_of,
    steps_of,
    was_given_up,
)
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.accounts.second_person import standings
from equipoise.service.platform.accounts.standing import Standing, review_notices
from equipoise.service.platform.record.lookups import rows_of

__all__ = [
    "Champion",
    "InForce",
    "Moved",
    "Registered",
    "Review",
    "Taken",
    "Unregistered",
    "Unusable",
    "VersionSummary",
    "all_standing",
    "champions",
    "content_of",
    "digests",
    "in_force",
    "is_empty",
    "lender_day",
    "loaded",
    "newest",
    "number_of",
    "numbered",
    "publications",
    "registered",
    "review_of",
    "standing_of",
    "steps_of",
    "summaries",
    "summary",
    "trial_of",
    "was_given_up",
    "with_file",
]


# Written out: to build the statement takes longer than to run it.
_IN_FORCE = (
    "SELECT p.strategy, v.digest, p.trial, d.id FROM registry_pointer p "
    "JOIN registry_version v ON v.id = p.version_id "
    "LEFT JOIN registry_default d ON d.strategy = p.strategy ORDER BY p.strategy"
)


class Champion(NamedTuple):
    """A version in force: its strategy, its digest, the trial it stands in, None where it is in
    none, and where its strategy is the default one that one's number."""

    strategy: str
    digest: str
    trial: int | None
    default: int | None


@dataclass(frozen=True, slots=True)
class VersionSummary:
    """A version without its file: where it stands, and the persons who wrote or submitted it."""

    id: int
    strategy: str
    number: int
    label: str
    digest: str
    state: State
    authors: tuple[str, ...]
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Review:
    """Who wrote a version and who looks at it: how they came to their accounts and roles, what is
    odd about it in sentences, and why an approval by whoever looks would not count; else empty."""

    authors: list[Standing]
    reviewer: Standing
    notices: list[str]
    refused: str


def is_empty() -> bool:
    """Whether the registry has never held anything."""
    return not Version.objects.exists()


def in_force() -> dict[str, str]:
    """The digest of the version in force, by strategy; the default strategy first."""
    default = Default.objects.values_list("strategy", flat=True).first()
    rows = Pointer.objects.order_by("strategy").values_list("strategy", "version__digest")
    return dict(sorted(rows, key=lambda row: row[0] != default))


def champions() -> list[Champion]:
    """The versions in force, by strategy: one statement, as every decision asks it."""
    return [Champion(*row) for row in rows_of(connection, _IN_FORCE)]


def digests(strategy: str = "") -> list[str]:
    """Of every version there is or was; of one strategy alone where it is named."""
    rows = Version.objects.filter(**({"strategy": strategy} if strategy else {}))
    return list(rows.order_by("digest").values_list("digest", flat=True).distinct())


def summary(version_id: int) -> VersionSummary:
    """The version of that number. Raises Unregistered."""
    # Larger numbers than the database can hold name no version either.
    known = summaries([version_id]) if 0 < version_id < 2**31 else {}
    if version_id not in known:
        raise Unregistered(version_id)
    return known[version_id]


def summaries(version_ids: Collection[int]) -> Mapping[int, VersionSummary]:
    """The versions of these numbers, by number; those that there are."""
    rows = Version.objects.defer("content").filter(pk__in=version_ids)
    return {row.pk: _summary(row) for row in rows}


def number_of(strategy: str, digest: str) -> tuple[int, int] | None:
    """The id and the number of a strategy's version of that digest; None where it is not here."""
    rows = Version.objects.filter(strategy=strategy, digest=digest)
    return rows.values_list("pk", "number").first()


def numbered(strategy: str, number: int) -> VersionSummary | None:
    """The version of that number of a strategy; None where there is none."""
    row = Version.objects.defer("content").filter(strategy=strategy, number=number).first()
    return None if row is None else _summary(row)


def newest(most: int) -> list[VersionSummary]:
    """The newest versions: up to `most` that wait for a review, then as many others."""
    rows = Version.objects.defer("content").order_by("-id")
    waiting = rows.filter(state=State.IN_REVIEW.value)[:most]
    others = rows.exclude(state=State.IN_REVIEW.value)[:most]
    return [_summary(row) for row in (*waiting, *others)]


def trial_of(strategy: str) -> int | None:
    """The trial in force against the strategy's champion."""
    return Pointer.objects.filter(strategy=strategy).values_list("trial", flat=True).first()


def review_of(version_id: int, by: Principal) -> Review:
    """The people behind a version, for `by` who looks at it. Raises Unregistered."""
    version = summary(version_id)
    *authors, reviewer = standings([*version.authors, by.person])
    try:
        check_judge(version.authors, by, "approve")
    except GateRefused as error:
        refused = str(error)
    else:
        refused = ""
    # Their own words about themselves would be no news to somebody who only reads.
    judged = authors if reviewer in authors else [*authors, reviewer]
    return Review(authors, reviewer, review_notices(judged), refused)


def _summary(row: Version) -> VersionSummary:
    return VersionSummary(
        row.pk,
        row.strategy,
        row.number,
        row.label,
        row.digest,
        State(row.state),
        tuple(row.authors),
        row.made_at,
    )
