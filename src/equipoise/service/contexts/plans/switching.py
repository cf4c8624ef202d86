"""Switches of plans: made strategies in advance, held against applicants, and turned on and back
by one publication each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from equipoise.errors import BadInput, GateRefused, did_you_mean
from equipoise.service.contexts.decisions.reading import newest_applications
from equipoise.service.contexts.plans.documents import parsed
from equipoise.service.contexts.plans.events import (
    SwitchedBack,
    SwitchedOn,
    SwitchPrepared,
    chain_of_version,
)
from equipoise.service.contexts.plans.models import Prepared
from equipoise.service.contexts.plans.reading import Stands, standing, version_in_force
from equipoise.service.contexts.registry import reading as registry
from equipoise.service.contexts.registry import services as versions
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.record import services as record

if TYPE_CHECKING:
    import polars as pl

    from equipoise.service.contexts.plans.following import Followed
    from equipoise.strategy import Strategy
    from equipoise.watch.plans import Switch

DRAWN = 500  # applicants of the sealed population, where none is recorded
_MEND = {
    Stands.UNPREPARED: "prepare it on the plan's page, and have it approved",
    Stands.STALE: "another version is in force now: prepare it anew, or turn back what is on",
    Stands.WAITS: "have it approved among the strategies, by somebody who did not prepare it",
    Stands.ON: "it is in force already",
}


def prepare(plan: str, switch: str, by: Principal) -> int:
    """Make the switch of a plan in force a strategy of the version in force, hold it against the
    newest applications, and hand it in for review; the registry's number of it.

    Raises BadInput where there is no such switch, it is relief, or it cannot be made; GateRefused
    where it would give anybody more, naming whom, or where it is prepared already.
    """
    from equipoise.review.switches import check_tighter, switched
    from equipoise.strategy import Strategy

    version, wanted = _wanted(plan, switch)
    base = registry.in_force().get(wanted.strategy)
    if base is None:
        raise BadInput(f"no version of '{wanted.strategy}' is in force", field="strategy")
    before = registry.loaded(base)
    made = switched(before.content, wanted, versions.newest_number(wanted.strategy) + 1)
    applicants = _applicants(before)
    height = 0 if applicants is None else applicants.height
    fewer = 0 if applicants is None else check_tighter(before, Strategy(made), applicants)
    if Prepared.objects.filter(plan=plan, switch=switch, base=base).exists():
        raise GateRefused(f"'{switch}' is prepared from what is in force already")
    with transaction.atomic():
        draft = versions.add_draft(made.text().encode(), by)
        versions.check(draft.pk, by)
        versions.submit(draft.pk, by)
        row = Prepared.objects.create(
            plan=plan,
            switch=switch,
            strategy=wanted.strategy,
            base=base,
            digest=draft.digest,
            version_id=draft.pk,
            fewer=fewer,
            applicants=height,
            made_by=by.person,
            made_at=clock.now(),
        )
        event = SwitchPrepared(
            by=by.id,
            key=by.key or None,
            plan=plan,
            switch=switch,
            strategy=row.strategy,
            base=base,
            digest=row.digest,
            fewer=fewer,
            applicants=height,
        )
        record.append(record.event(chain_of_version(version), event, rows=(row,)))
    return int(draft.pk)


def turned_on(followed: Followed, name: str, by: Principal) -> SwitchedOn:
    """Put the switch's strategy in force, inside the caller's transaction; what is to be told. A
    drill puts nothing in force. Raises GateRefused where it is not ready, as `publish` does too."""
    row = followed.row
    now = standing(row.plan, followed.run.plan.switch(name), registry.in_force())
    event = SwitchedOn(
        by=by.id,
        key=by.key or None,
        plan=row.plan,
        drill=row.drill,
        what=name,
        strategy=now.switch.strategy,
        before=now.in_force,
        after=now.digest,
    )
    if row.drill:
        return event
    if now.stands is not Stands.READY or now.version is None:
        raise GateRefused(
            f"the switch '{name}' cannot be turned on: {now.stands}",
            field="switch",
            mend=_MEND.get(now.stands, "prepare it anew"),
        )
    _publish(now.version, by, f"{row.plan}: {name} ({row.pk})")
    return event


def turned_back(followed: Followed, name: str, by: Principal) -> SwitchedBack:
    """Put back in force what was before the switch, inside the caller's transaction; what is to be
    told. Where something else was put in force since, that stays, and the switch is off by it."""
    on = next(
        each
        for each in reversed(followed.turned)
        if isinstance(each, SwitchedOn) and each.what == name
    )
    digest = registry.in_force().get(on.strategy, "")
    former = registry.number_of(on.strategy, on.before)
    goes_back = digest == on.after and former is not None and not followed.row.drill
    if goes_back and former is not None:
        _publish(former[0], by, f"{followed.row.plan}: {name} back ({followed.row.pk})")
    return SwitchedBack(
        by=by.id,
        key=by.key or None,
        plan=followed.row.plan,
        drill=followed.row.drill,
        what=name,
        strategy=on.strategy,
        before=digest,
        after=on.before if goes_back else digest,
    )


def _publish(version_id: int, by: Principal, reason: str) -> None:
    """One signed publication. As when one goes back, only what looks at the version alone is run:
    it was held against applicants when it was prepared, and nothing must wait now."""
    versions.publish(version_id, by, reason, versions.CHECKS)


def _wanted(plan: str, name: str) -> tuple[int, Switch]:
    version = version_in_force()
    if version is None:
        raise GateRefused("no plans are in force", mend="bring plans.yaml in, and have it approved")
    switches = {each.name: each for each in parsed(version.text).plan(plan).switches}
    if name not in switches:
        raise BadInput(
            f"'{plan}' has no switch '{name}'", field="switch", mend=did_you_mean(name, switches)
        )
    return version.pk, switches[name]


def _applicants(before: Strategy) -> pl.DataFrame | None:
    """Whom a switch is held against: the newest applications recorded, else a draw of who applies
    as the strategy was sealed with it; None where there is neither."""
    from equipoise.review.applicants import applicants_of

    content = before.content
    by_day = newest_applications(content.strategy.name)
    records = [each for day in sorted(by_day) for each in by_day[day]]
    if not records and content.population is not None:
        records = list(content.population.drawn({}, DRAWN)[0])
    return applicants_of(content.contract, records).frame if records else None
