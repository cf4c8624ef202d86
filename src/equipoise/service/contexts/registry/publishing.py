"""The version in force: put there, back to the former one, taken out; each one transaction and one
event."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Max

from equipoise.authority.gates import GateResult, refuse
from equipoise.authority.lifecycle import (
    Move,
    Moved,
    State,
    Step,
    given_up,
    way_back,
)
from equipoise.errors import GateRefused
from equipoise.service.contexts.registry import default
from equipoise.service.contexts.registry.events import Published, Withdrawn
from equipoise.service.contexts.registry.gates import CHECKS, Gate, all_gates, results
from equipoise.service.contexts.registry.judging import allowed
from equipoise.service.contexts.registry.models import Pointer, Publication, Version
from equipoise.service.contexts.registry.reading import with_file
from equipoise.service.contexts.registry.telling import signed, tell
from equipoise.service.platform.accounts.permissions import Principal


class Meanwhile(GateRefused):
    """Somebody else moved the strategy's pointer first: `by` whom, which version that is about, and
    when; none of that where nobody knows."""

    def __init__(self, first: Publication | None) -> None:
        self.by = first.by if first else ""
        self.number = first.version.number if first else 0
        self.at = first.at if first else None
        who = f": {first.by}, version {first.version.number} ({first.move})" if first else ""
        super().__init__(
            f"someone else has published meanwhile{who}", mend="look at what is in force now"
        )


def publish(
    version_id: int,
    by: Principal,
    reason: str = "",
    gates: Sequence[Gate] | None = None,
    *,
    again: bool = False,
    seen: int | None = None,
) -> Publication:
    """Put an approved version in force, if no gate refuses. Raises NotPassed, OwnWork, and
    GateRefused where it is not approved, was given up before (unless `again` says that this is
    known); Meanwhile where someone else has published meanwhile, be it since the move `seen`.

    The gates run before the transaction: they may take long, and hold nobody up.
    """
    version = Version.objects.get(pk=version_id)
    allowed(version, Step.PUBLISH, by)
    serial = _serial(version.strategy)
    _check_seen(version.strategy, serial, seen)
    if not again:
        refuse_given_up(version)
    gates = all_gates(version.strategy) if gates is None else gates
    gates_passed = results(with_file(version), gates)
    refuse(gates_passed)
    return _put_in_force(version_id, by, reason, (Move.PUBLISH, serial), gates_passed)


def roll_back(strategy: str, by: Principal, reason: str, seen: int | None = None) -> Publication:
    """Put the version back in force that was before this one; never one that was itself rolled
    back from or taken out of force since it was published.

    Only what looks at the version alone is run again: this is what one does in an emergency, and
    that it can decide is what one needs to know. Raises DoesNotExist where nothing was ever in
    force, and as `publish` does.
    """
    moves = moves_of(strategy)
    if not moves:
        raise Pointer.DoesNotExist
    _check_seen(strategy, moves[-1].serial + 1, seen)
    versions = Version.objects.filter(strategy=strategy, state=State.APPROVED.value)
    former = way_back(moves, set(versions.values_list("pk", flat=True)))
    if former is None:
        raise GateRefused(
            "there is no former version to go back to",
            mend="publish one that is approved, or take this one out of force",
        )
    version = Version.objects.get(pk=former)
    allowed(version, Step.PUBLISH, by)
    checks = results(with_file(version), CHECKS)
    refuse(checks)
    return _put_in_force(former, by, reason, (Move.ROLL_BACK, moves[-1].serial + 1), checks)


def withdraw(strategy: str, by: Principal, reason: str, seen: int | None = None) -> Publication:
    """Take the strategy out of force: nothing decides by its name any more. Raises DoesNotExist
    where it is not in force, Meanwhile where someone else was first."""
    _check_seen(strategy, _serial(strategy), seen)
    try:
        with transaction.atomic():
            return _withdraw(strategy, by, reason)
    except IntegrityError:
        raise _meanwhile(strategy) from None


def in_force(strategy: str) -> Version | None:
    """The version in force now."""
    pointer = Pointer.objects.select_related("version").filter(strategy=strategy).first()
    return pointer.version if pointer else None


def moves_of(strategy: str) -> list[Moved]:
    """How the strategy's pointer moved, from the first time on."""
    rows = Publication.objects.filter(strategy=strategy).order_by("serial")
    moves = rows.values_list("move", "version_id", "serial")
    return [Moved(Move(move), version, serial) for move, version, serial in moves]


def refuse_given_up(version: Version) -> None:
    """Raises GateRefused where the version was rolled back from or taken out of force and not
    published since."""
    moved = given_up(moves_of(version.strategy)).get(version.pk)
    if moved is None:
        return
    made = Publication.objects.get(strategy=version.strategy, serial=moved.serial)
    what = "taken out of force" if moved.move is Move.WITHDRAW else "rolled back from"
    raise GateRefused(
        f"version {version.number} was {what} on {made.at:%d %B %Y} by {made.by}: {made.reason}",
        field="again",
        mend='say "again": true, if it is to come back all the same',
    )


def _serial(strategy: str) -> int:
    last = Publication.objects.filter(strategy=strategy).aggregate(last=Max("serial"))["last"]
    return (last or 0) + 1


def _put_in_force(
    version_id: int,
    by: Principal,
    reason: str,
    move: tuple[Move, int],
    gates: Sequence[GateResult],
) -> Publication:
    try:
        with transaction.atomic():
            return _swap(version_id, by, reason, move, gates)
    except IntegrityError:
        raise _meanwhile(Version.objects.get(pk=version_id).strategy) from None


def _check_seen(strategy: str, serial: int, seen: int | None) -> None:
    """Raises Meanwhile where whoever acts has seen an earlier move than the last one."""
    if seen is not None and seen != serial - 1:
        raise _meanwhile(strategy)


def _meanwhile(strategy: str) -> Meanwhile:
    moves = Publication.objects.select_related("version").filter(strategy=strategy)
    return Meanwhile(moves.order_by("-serial").first())


def _swap(
    version_id: int,
    by: Principal,
    reason: str,
    move: tuple[Move, int],
    gates: Sequence[GateResult],
) -> Publication:
    version = Version.objects.select_for_update().get(pk=version_id)
    # Its serial is unique: the second of two at once stops here and undoes nothing but itself.
    publication = Publication.objects.create(
        strategy=version.strategy,
        serial=move[1],
        move=move[0].value,
        version=version,
        by=by.id,
        reason=reason,
        gates=[each.summary() for each in gates],
    )
    version.state = allowed(version, Step.PUBLISH, by).value
    version.save(update_fields=["state"])
    pointer, former = _point_to(version, publication.serial)
    published = Published(
        **signed(version, by),
        move=publication.move,
        serial=publication.serial,
        former=former.digest if former else None,
        reason=reason,
        gates=[each.as_dict() for each in gates],
    )
    tell(version, published, rows=(publication, pointer, *([former] if former else [])))
    default.first_published(version.strategy, by.id, by.key or None, by.person)
    return publication


def _point_to(version: Version, serial: int) -> tuple[Pointer, Version | None]:
    """Move the pointer, which ends a trial; the pointer, and the version that was in force, if one
    was."""
    pointer = Pointer.objects.select_for_update().filter(strategy=version.strategy).first()
    if pointer is None:
        made = Pointer.objects.create(strategy=version.strategy, version=version, serial=serial)
        return made, None
    former = Version.objects.select_for_update().get(pk=pointer.version_id)
    former.state = State.APPROVED.value
    former.save(update_fields=["state"])
    pointer.version, pointer.serial, pointer.trial = version, serial, None
    pointer.save(update_fields=["version", "serial", "trial"])
    return pointer, former


def _withdraw(strategy: str, by: Principal, reason: str) -> Publication:
    pointer = Pointer.objects.select_for_update().get(strategy=strategy)
    version = Version.objects.select_for_update().get(pk=pointer.version_id)
    publication = Publication.objects.create(
        strategy=strategy,
        serial=pointer.serial + 1,
        move=Move.WITHDRAW.value,
        version=version,
        by=by.id,
        reason=reason,
    )
    version.state = allowed(version, Step.WITHDRAW, by).value
    version.save(update_fields=["state"])
    withdrawn = Withdrawn(**signed(version, by), serial=publication.serial, reason=reason)
    tell(version, withdrawn, rows=(publication,), gone=(pointer,))
    pointer.delete()
    return publication
