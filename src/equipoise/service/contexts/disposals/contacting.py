"""How the customer of a disposal may be contacted: planned within the rules of the place, on the
customer's own clock; made, with what was said. Contacts about one loan count together, whichever
disposal they belong to."""

from __future__ import annotations

from datetime import datetime
from typing import cast, get_args

from django.db import transaction

from equipoise.errors import BadInput
from equipoise.service.contexts.disposals.acting import act, zone_of
from equipoise.service.contexts.disposals.events import ContactMade, ContactPlanned, DisposalEvent
from equipoise.service.contexts.disposals.folding import Story
from equipoise.service.contexts.disposals.following import follow
from equipoise.service.contexts.disposals.models import Disposal
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.overtaking import check_seen
from equipoise.service.platform.typed_text import bounded
from equipoise.watch.disposal import Channel, check_contact, contact_rules

CHANNELS: tuple[str, ...] = get_args(Channel)


def plan_contact(disposal: str, seen: int, channel: str, at: datetime, by: Principal) -> None:
    """Plan a contact at a moment to come. Raises what `services.act` raises, and GateRefused with
    the rule and the first moment at which the customer may be contacted."""
    if at < clock.now():
        raise BadInput("that is over already", field="at", mend="give a moment to come")
    with transaction.atomic():
        _check(disposal, seen, channel, at)
        event = ContactPlanned(by=by.id, key=by.key or None, channel=channel, at=at.isoformat())
        act(disposal, seen, event)


def record_contact(
    disposal: str, seen: int, channel: str, text: str, by: Principal, *, talked: bool
) -> None:
    """A contact was made now, and the customer answered or not. It is recorded whatever the rules
    say, as it has happened: what they say is asked before, by planning it."""
    if channel not in CHANNELS:
        raise _no_channel(channel)
    event = ContactMade(
        by=by.id,
        key=by.key or None,
        channel=channel,
        at=clock.now().isoformat(),
        talked=talked,
    )
    act(disposal, seen, event, {"text": bounded(text, "text")})


def _check(disposal: str, seen: int, channel: str, at: datetime) -> None:
    if channel not in CHANNELS:
        raise _no_channel(channel)
    row = Disposal.objects.select_for_update().get(pk=disposal)
    check_seen(row.pk, DisposalEvent, row.serial, seen)
    story = follow(row)
    others = _others(row)
    contacts = [each for one in (story, *others) for each in (*one.made, *one.planned)]
    check_contact(
        contact_rules(story.place, at.date()),
        contacts,
        cast(Channel, channel),
        at,
        zone_of(story.zone),
        vulnerable=story.vulnerable or any(each.vulnerable for each in others),
    )


def _others(row: Disposal) -> list[Story]:
    """Other disposals of the same loan."""
    if not row.debt:
        return []
    return [follow(each) for each in Disposal.objects.filter(debt=row.debt).exclude(pk=row.pk)]


def _no_channel(channel: str) -> BadInput:
    return BadInput(
        f"'{channel}' is no channel", field="channel", mend=f"one of {', '.join(CHANNELS)}"
    )
