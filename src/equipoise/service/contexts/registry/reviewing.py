"""What whoever reviews a version is shown of the people behind it."""

from __future__ import annotations

from dataclasses import dataclass

from equipoise.errors import GateRefused
from equipoise.service.contexts.registry.models import Version
from equipoise.service.contexts.registry.services import check_judge
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.accounts.second_person import standings
from equipoise.service.platform.accounts.standing import Standing, review_notices


@dataclass(frozen=True, slots=True)
class Review:
    """Who wrote a version and who looks at it: how they came to their accounts and roles, what is
    odd about it in sentences, and why an approval by whoever looks would not count; else empty."""

    authors: list[Standing]
    reviewer: Standing
    notices: list[str]
    refused: str


def review_of(version: Version, by: Principal) -> Review:
    """The people behind a version, for `by` who looks at it."""
    *authors, reviewer = standings([*version.authors, by.person])
    try:
        check_judge(version, by, "approve")
    except GateRefused as error:
        refused = str(error)
    else:
        refused = ""
    # Their own words about themselves would be no news to somebody who only reads.
    judged = authors if reviewer in authors else [*authors, reviewer]
    return Review(authors, reviewer, review_notices(judged), refused)
