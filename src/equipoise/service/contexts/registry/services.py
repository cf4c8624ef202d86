"""Taking a version from draft to approved, and away: each step one transaction and one event."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TypedDict

from django.db import IntegrityError, models, transaction
from django.db.models import Max

from equipoise.errors import BadInput, EquipoiseError, GateRefused, Span
from equipoise.service.contexts.registry.events import (
    Approved,
    Checked,
    Drafted,
    Rejected,
    Retired,
    Submitted,
    VersionEvent,
)
from equipoise.service.contexts.registry.gates import CHECKS, GateResult, results
from equipoise.service.contexts.registry.lifecycle import WAYS, OwnWork, State, Step, after
from equipoise.service.contexts.registry.models import Version
from equipoise.service.contexts.registry.sealed import Identity, as_sealed, identify
from equipoise.service.platform.accounts.owners import authors_by
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.accounts.second_person import check_second_person, standings
from equipoise.service.platform.accounts.standing import review_notices
from equipoise.service.platform.api.short_text import check_plain
from equipoise.service.platform.record import services as record


class NotPassed(GateRefused):
    """A gate said no; `results` holds what each found, `faults` what the refusing ones did, with
    the places they know."""

    def __init__(self, found: Sequence[GateResult]) -> None:
        failed = [each for each in found if each.refused]
        super().__init__("; ".join(f"{each.gate}: {each.message}" for each in failed))
        self.results = tuple(found)
        self.faults = tuple(fault for each in failed for fault in _faults(each))

    def as_dict(self) -> dict[str, object]:
        return {**super().as_dict(), "gates": [each.as_dict() for each in self.results]}


def _faults(found: GateResult) -> list[EquipoiseError]:
    places = found.detail.get("faults") or [{"message": found.message}]
    return [
        BadInput(
            each["message"],
            where=Span(each["file"], each["line"], each["column"]) if each.get("file") else None,
            field=each.get("field") or found.gate,
            mend=each.get("mend") or "",
        )
        for each in places
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
    verdicts = results(version, CHECKS)
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


def chain_of(strategy: str) -> str:
    """The record chain of a strategy."""
    plain = re.sub(r"[^A-Za-z0-9._-]", "-", strategy)[:60]
    if plain != strategy:
        plain += "." + hashlib.sha256(strategy.encode()).hexdigest()[:8]
    return f"strategy.{plain}"


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


def allowed(version: Version, step: Step, by: Principal) -> State:
    """The state that the step leads to; see `lifecycle.after`. Raises TwoPeople where it takes a
    second person and an account among them was never handed over."""
    end = after(step, State(version.state), authors=frozenset(version.authors), by=by.person)
    if WAYS[step].four_eyes:
        check_second_person(version.authors, by)
    return end


def check_judge(version: Version, by: Principal, what: str) -> None:
    """Whether `by` may pass judgement on the version; `what` says in words what they would do to
    it. Raises OwnWork for its authors, TwoPeople as `allowed`."""
    if by.person in version.authors:
        raise OwnWork(
            f"nobody can {what} what they wrote themselves", mend=f"ask someone else to {what} it"
        )
    check_second_person(version.authors, by)


def refuse(found: Sequence[GateResult]) -> None:
    """Raises NotPassed where one of them stands in the way."""
    if any(each.refused for each in found):
        raise NotPassed(found)


class SignedVersion(TypedDict):
    """What every event about a version says; see `events.VersionEvent`."""

    number: int
    digest: str
    by: str
    key: str | None
    person: str


def signed(version: Version, by: Principal) -> SignedVersion:
    """Which version it was, and who did it."""
    return {
        "number": version.number,
        "digest": version.digest,
        "by": by.id,
        "key": by.key or None,
        "person": by.person,
    }


def tell(
    version: Version,
    event: VersionEvent,
    *,
    rows: Iterable[models.Model] = (),
    gone: Iterable[models.Model] = (),
) -> None:
    """An event in the strategy's chain, which tells the version's row and those named."""
    chain = chain_of(version.strategy)
    record.append(record.event(chain, event, rows=(version, *rows), gone=gone))
