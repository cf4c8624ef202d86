"""What others may do with strategies, and a version's way from draft to approved, and away: each
step one transaction and one event.

The ways into force stand in `bootstrap`, `publishing` and `default`; what trials do with a champion
and its challengers in `trying`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.db import transaction

from equipoise.authority.gates import GateResult, refuse
from equipoise.authority.lifecycle import Step
from equipoise.service.contexts.registry.bootstrap import publish_first
from equipoise.service.contexts.registry.default import make_default
from equipoise.service.contexts.registry.drafting import add_draft, add_file
from equipoise.service.contexts.registry.editing import (
    Newer,
    newest_number,
    save_text,
    text_of,
    try_text,
)
from equipoise.service.contexts.registry.events import (
    Approved,
    Checked,
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
from equipoise.service.contexts.registry.telling import signed, tell
from equipoise.service.contexts.registry.trying import (
    check_challenger,
    check_shadow,
    hold_champion,
    name_trial,
    tell_trial,
)
from equipoise.service.contexts.registry.trying_text import Fault, Tried
from equipoise.service.platform.accounts.owners import authors_by
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.accounts.second_person import standings
from equipoise.service.platform.accounts.standing import review_notices

__all__ = [
    "CHECKS",
    "Fault",
    "Meanwhile",
    "Newer",
    "Tried",
    "add_check",
    "add_comparison",
    "add_draft",
    "add_file",
    "approve",
    "check",
    "check_challenger",
    "check_judge",
    "check_shadow",
    "hold_champion",
    "make_default",
    "name_trial",
    "newest_number",
    "publish",
    "publish_first",
    "reject",
    "retire",
    "roll_back",
    "save_text",
    "submit",
    "tell_trial",
    "text_of",
    "try_text",
    "withdraw",
]


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
