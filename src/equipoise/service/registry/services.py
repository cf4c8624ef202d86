"""Taking a version from draft to retired: each step one transaction and one event."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from equipoise.errors import BadInput, GateRefused
from equipoise.service.accounts.permissions import Principal
from equipoise.service.ledger import services as ledger
from equipoise.service.registry.gates import GATES, Gate, GateResult, results
from equipoise.service.registry.lifecycle import State, Step, after
from equipoise.service.registry.models import Pointer, Publication, Version
from equipoise.service.registry.sealed import Identity, as_sealed, identify


class NotPassed(GateRefused):
    """A gate said no; `results` holds what each found."""

    def __init__(self, found: Sequence[GateResult]) -> None:
        failed = [each for each in found if not each.passed]
        super().__init__("; ".join(f"{each.gate}: {each.message}" for each in failed))
        self.results = tuple(found)

    def as_dict(self) -> dict[str, object]:
        return {**super().as_dict(), "gates": [each.as_dict() for each in self.results]}


def add_draft(raw: bytes, by: Principal) -> Version:
    """Take in a sealed strategy's file. Raises BadInput where it is none, or is here already."""
    raw = as_sealed(raw)
    identity = identify(raw)
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


def check(version_id: int, by: Principal) -> Version:
    """The strategy's own checks; draft becomes checked."""
    found = results(Version.objects.get(pk=version_id), [GATES[0]])
    _refuse(found)
    return _take(version_id, Step.CHECK, by, {"gates": [each.as_dict() for each in found]})


def submit(version_id: int, by: Principal) -> Version:
    """Ask for review. Whoever submits counts as an author."""
    return _take(version_id, Step.SUBMIT, by, {}, writes=True)


def approve(version_id: int, by: Principal, reason: str) -> Version:
    """Say yes to it. Raises OwnWork for its authors, whatever their role is now."""
    return _take(version_id, Step.APPROVE, by, {"reason": reason})


def reject(version_id: int, by: Principal, reason: str) -> Version:
    """Send it back to its author."""
    return _take(version_id, Step.REJECT, by, {"reason": reason})


def retire(version_id: int, by: Principal, reason: str) -> Version:
    """Put it away for good; what it decided can still be replayed."""
    return _take(version_id, Step.RETIRE, by, {"reason": reason})


def publish(
    version_id: int, by: Principal, reason: str = "", gates: Sequence[Gate] | None = None
) -> Publication:
    """Put an approved version in force, if every gate passes. Raises NotPassed, OwnWork, and
    GateRefused where it is not approved or someone else has published it meanwhile.

    The gates run before the transaction: they may take long, and hold nobody up.
    """
    version = Version.objects.get(pk=version_id)
    _allowed(version, Step.PUBLISH, by)
    serial = _serial(version.strategy)
    found = results(version, list(GATES if gates is None else gates))
    _refuse(found)
    return _put_in_force(version_id, by, reason, serial, [each.as_dict() for each in found])


def roll_back(strategy: str, by: Principal, reason: str) -> Publication:
    """Publish the version that was in force before this one. Its gates passed then; none run now,
    because this is what one does in an emergency. Raises DoesNotExist where none is in force."""
    current = Pointer.objects.get(strategy=strategy)
    serial = current.serial + 1
    former = (
        Publication.objects.filter(strategy=strategy)
        .exclude(version_id=current.version_id)
        .order_by("-serial")
        .first()
    )
    if former is None:
        raise GateRefused("there is no former version to go back to")
    return _put_in_force(former.version_id, by, reason, serial, [])


def in_force(strategy: str) -> Version | None:
    """The version in force now."""
    pointer = Pointer.objects.select_related("version").filter(strategy=strategy).first()
    return pointer.version if pointer else None


def pinned(digest: str) -> Version:
    """The version of that digest, wherever it stands by now: an application goes on with the
    strategy that began it, and a past decision is replayed with its own. Raises DoesNotExist."""
    found = Version.objects.filter(digest=digest).order_by("pk").first()
    if found is None:
        raise Version.DoesNotExist(digest)
    return found


def chain_of(strategy: str) -> str:
    """The ledger chain of a strategy."""
    plain = re.sub(r"[^A-Za-z0-9._-]", "-", strategy)[:60]
    if plain != strategy:
        plain += "." + hashlib.sha256(strategy.encode()).hexdigest()[:8]
    return f"strategy.{plain}"


def _add(raw: bytes, identity: Identity, by: Principal) -> Version:
    with transaction.atomic():
        versions = Version.objects.filter(strategy=identity.strategy)
        number = (versions.aggregate(last=Max("number"))["last"] or 0) + 1
        version = Version.objects.create(
            strategy=identity.strategy,
            number=number,
            label=identity.label[:80],
            digest=identity.digest,
            content=raw,
            authors=[by.person],
        )
        _tell(version, "strategy.drafted", by, {})
    return version


def _take(
    version_id: int, step: Step, by: Principal, told: dict[str, Any], *, writes: bool = False
) -> Version:
    with transaction.atomic():
        version = Version.objects.select_for_update().get(pk=version_id)
        version.state = _allowed(version, step, by).value
        if writes and by.person not in version.authors:
            version.authors = [*version.authors, by.person]
        version.save(update_fields=["state", "authors"])
        _tell(version, f"strategy.{step.value}", by, told)
    return version


def _allowed(version: Version, step: Step, by: Principal) -> State:
    return after(step, State(version.state), authors=frozenset(version.authors), by=by.person)


def _refuse(found: Sequence[GateResult]) -> None:
    if not all(each.passed for each in found):
        raise NotPassed(found)


def _serial(strategy: str) -> int:
    pointer = Pointer.objects.filter(strategy=strategy).first()
    return pointer.serial + 1 if pointer else 1


def _put_in_force(
    version_id: int, by: Principal, reason: str, serial: int, gates: list[dict[str, Any]]
) -> Publication:
    try:
        with transaction.atomic():
            return _swap(version_id, by, reason, serial, gates)
    except IntegrityError:
        raise GateRefused(
            "someone else has published meanwhile", mend="look at what is in force now"
        ) from None


def _swap(
    version_id: int, by: Principal, reason: str, serial: int, gates: list[dict[str, Any]]
) -> Publication:
    version = Version.objects.select_for_update().get(pk=version_id)
    # Its serial is unique: the second of two at once stops here and undoes nothing but itself.
    publication = Publication.objects.create(
        strategy=version.strategy, serial=serial, version=version, by=by.id, reason=reason
    )
    version.state = _allowed(version, Step.PUBLISH, by).value
    version.save(update_fields=["state"])
    pointer = Pointer.objects.select_for_update().filter(strategy=version.strategy).first()
    former = None
    if pointer is None:
        Pointer.objects.create(strategy=version.strategy, version=version, serial=serial)
    else:
        former = Version.objects.select_for_update().get(pk=pointer.version_id)
        former.state = State.APPROVED.value
        former.save(update_fields=["state"])
        pointer.version, pointer.serial, pointer.trial = version, serial, None
        pointer.save(update_fields=["version", "serial", "trial"])
    told = {
        "serial": serial,
        "former": former.digest if former else None,
        "reason": reason,
        "gates": gates,
    }
    _tell(version, "strategy.publish", by, told)
    return publication


def _tell(version: Version, kind: str, by: Principal, told: dict[str, Any]) -> None:
    known = {"number": version.number, "digest": version.digest, **by.signature}
    ledger.append(
        ledger.event(chain_of(version.strategy), kind, {**told, **known, "person": by.person})
    )
