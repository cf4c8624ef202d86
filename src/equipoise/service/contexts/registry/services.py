"""What others may do with strategies, and a version's way from draft to approved, and away: each
step one transaction and one event.

The ways into force stand in `bootstrap`, `publishing` and `default`; what trials do with a champion
and its challengers in `trying`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import Max

from equipoise.authority.gates import GateResult, refuse
from equipoise.authority.lifecycle import Step
from equipoise.errors import BadInput
from equipoise.service.contexts.registry.bootstrap import publish_first
from equipoise.service.contexts.registry.default import make_default
from equipoise.service.contexts.registry.events import (
    Approved,
    Checked,
    Drafted,
    Rejected,
    Retired,
    Submitted,
    VersionEvent,
)
from equipoise.service.contexts.registry.gates import CHECKS, add_check, add_comparison, results
from equipoise.service.contexts.registry.judging import allowed, check_judge
from equipoise.service.contexts.registry.models import Version
from equipoise.service.contexts.registry.publishing import Meanwhile, publish, roll_back, withdraw
from equipoise.service.contexts.registry.reading import with_file
from equipoise.service.contexts.registry.sealed import Identity, as_sealed, identify
from equipoise.service.contexts.registry.telling import signed, tell
from equipoise.service.contexts.registry.trying import (
    check_challenger,
    check_shadow,
    hold_champion,
    name_trial,
    tell_trial,
)
from equipoise.service.platform.accounts.owners import authors_by
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.accounts.second_person import standings
from equipoise.service.platform.accounts.standing import review_notices
from equipoise.service.platform.api.short_text import check_plain

__all__ = [
    "Meanwhile",
    "add_check",
    "add_comparison",
    "add_draft",
    "approve",
    "check",
    "check_challenger",
    "check_judge",
    "check_shadow",
    "hold_champion",
    "make_default",
    "name_trial",
    "publish",
    "publish_first",
    "reject",
    "retire",
    "roll_back",
    "submit",
    "tell_trial",
    "withdraw",
]


def add_draft(raw: bytes, by: Principal) -> Version:
    """Take in a sealed strategy's file. Raises BadInput where it is none, or is here already."""
    raw = as_sealed(raw)
    identity = identify(raw)
    check_plain(identity.strategy, "name")
    for _ in range(3):  # another draft may take the number meanwhile
        try:
            return _add(raw, identity, by)
        except IntegrityError:
            if Version.objects.filter(strategy=identity.strategy, digest=identity.digest).exists():
                break
    raise BadInput(
        f"this very strategy is in the registry, under the digest {identity.digest[:12]}…",
        field="digest",
    )


def check(version_id: int, by: Principal) -> tuple[Version, list[GateResult]]:
    """Look at the version alone: its seal, and whether it can decide. Draft becomes checked.
    Raises NotPassed saying what is wrong and where."""
    version = Version.objects.get(pk=version_id)
    allowed(version, Step.CHECK, by)
    verdicts = results(with_file(version), CHECKS)
    refuse(verdicts)
    gates = [each.as_dict() for each in verdicts]
    event = partial(Checked, gates=gates)
    return _take(version_id, Step.CHECK, by, event), verdicts


def submit(version_id: int, by: Principal) -> Version:
    """Ask for review. Whoever submits counts as an author."""
    return _take(version_id, Step.SUBMIT, by, Submitted, writes=True)


def approve(version_id: int, by: Principal, reason: str) -> Version:
    """Say yes to it. Raises OwnWork for its authors, whatever their role is now, and TwoPeople
    where an account of author or approver was never handed over. The record holds what whoever
    approves was shown of both."""
    authors = Version.objects.only("authors").get(pk=version_id).authors
    shown = review_notices(standings([*authors, by.person]))
    return _take(version_id, Step.APPROVE, by, partial(Approved, reason=reason, notices=shown))


def reject(version_id: int, by: Principal, reason: str) -> Version:
    """Send it back to its author."""
    return _take(version_id, Step.REJECT, by, partial(Rejected, reason=reason))


def retire(version_id: int, by: Principal, reason: str) -> Version:
    """Put it away for good; what it decided can still be replayed."""
    return _take(version_id, Step.RETIRE, by, partial(Retired, reason=reason))


def _add(raw: bytes, identity: Identity, by: Principal) -> Version:
    with transaction.atomic():
        authors = authors_by(by)
        versions = Version.objects.filter(strategy=identity.strategy)
        number = (versions.aggregate(last=Max("number"))["last"] or 0) + 1
        version = Version.objects.create(
            strategy=identity.strategy,
            number=number,
            label=identity.label[:80],
            digest=identity.digest,
            content=raw,
            authors=authors,
        )
        tell(version, Drafted(**signed(version, by)))
    return version


def _take(
    version_id: int,
    step: Step,
    by: Principal,
    event: Callable[..., VersionEvent],
    *,
    writes: bool = False,
) -> Version:
    with transaction.atomic():
        version = Version.objects.select_for_update().get(pk=version_id)
        version.state = allowed(version, step, by).value
        if writes:
            version.authors = sorted({*version.authors, *authors_by(by)})
        version.save(update_fields=["state", "authors"])
        tell(version, event(**signed(version, by)))
    return version
