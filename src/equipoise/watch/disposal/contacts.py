"""When and how often a customer may be contacted about a debt: dated rules, never code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from equipoise.documents import Document, read_document
from equipoise.errors import BadInput, GateRefused, did_you_mean
from equipoise.jurisdiction import Dated, in_force
from equipoise.texts.wording import Text

Channel = Literal["call", "message", "letter", "visit"]
_OURS = files("equipoise.watch.disposal").joinpath("packs")  # may stand in a zip


class ContactRule(Dated):
    """At most so many contacts of a channel in so many days (hours of the customer's own clock
    between `quiet_after` and `quiet_until` excepted), and none for `after_talk_days` after a talk.

    One day is a calendar day of the customer's; more are as many times 24 hours.
    """

    counts: Channel
    at_most: int = Field(ge=0)
    days: int = Field(ge=1, le=366)
    quiet_after: time
    quiet_until: time
    after_talk_days: int = Field(default=0, ge=0)


class ContactDocument(Document):
    """A pack of rules about contact."""

    pack: Text
    caution: Text
    contacts: tuple[ContactRule, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact that was made about one debt; `talked` where the customer answered."""

    on: datetime
    channel: Channel
    talked: bool = False


def contact_rules(name: str | Path, on: date) -> tuple[ContactRule, ...]:
    """The rules of a place (`US`), or of a lender's own file, that hold on a day.

    Raises BadInput for a name that we do not ship, and what is wrong with a file, by its lines.
    """
    document = read_document(name, ContactDocument).value if isinstance(name, Path) else _ours(name)
    return tuple(in_force(document.contacts, on))


@cache
def _ours(name: str) -> ContactDocument:
    known = sorted(each.name.removesuffix(".yaml").upper() for each in _OURS.iterdir())
    if name.upper() not in known:
        raise BadInput(f"no pack '{name}' about contact", mend=did_you_mean(name, known))
    with as_file(_OURS.joinpath(f"{name.lower()}.yaml")) as path:
        return read_document(path, ContactDocument).value


def check_contact(
    rules: Iterable[ContactRule],
    made: Iterable[Contact],
    channel: Channel,
    at: datetime,
    zone: ZoneInfo,
    *,
    vulnerable: bool = False,
) -> None:
    """Nothing where a contact may be made at that instant. Raises GateRefused with the rule and
    the first instant at which it may.

    `zone` is the customer's. Somebody who is marked as vulnerable is written to, not called or
    visited: a person of the lender takes it up with them.
    """
    if vulnerable and channel in ("call", "visit"):
        raise GateRefused(
            "the customer is marked as vulnerable and is neither called nor visited",
            field="channel",
            mend="write a letter, and have whoever cares for them take it up",
        )
    before = [each for each in made if each.on <= at]
    for rule in rules:
        allowed = _allowed(rule, before, at, zone) if rule.counts == channel else at
        if allowed > at:
            raise GateRefused(
                f"not before {allowed.astimezone(zone):%Y-%m-%d %H:%M} of the customer's clock "
                f"({rule.id}: {rule.source})",
                field="at",
                mend="wait until then, or write a letter",
            )


def _allowed(rule: ContactRule, made: list[Contact], at: datetime, zone: ZoneInfo) -> datetime:
    """The first instant from `at` on at which the rule lets a contact be made."""
    first = max(at, *(_after_others(rule, made, at, zone)))
    local = first.astimezone(zone)
    if local.time() < rule.quiet_until:
        return datetime.combine(local.date(), rule.quiet_until, zone)
    if local.time() >= rule.quiet_after:
        return datetime.combine(local.date() + timedelta(days=1), rule.quiet_until, zone)
    return first


def _after_others(
    rule: ContactRule, made: list[Contact], at: datetime, zone: ZoneInfo
) -> list[datetime]:
    same = sorted(each.on for each in made if each.channel == rule.counts)
    span = timedelta(days=rule.days)
    waits = [at]
    if rule.days == 1:
        today = [
            each for each in same if each.astimezone(zone).date() == at.astimezone(zone).date()
        ]
        if len(today) >= rule.at_most:
            tomorrow = at.astimezone(zone).date() + timedelta(days=1)
            waits.append(datetime.combine(tomorrow, time(), zone))
    else:
        within = [each for each in same if each > at - span]
        if len(within) >= rule.at_most:
            waits.append(within[-rule.at_most] + span if rule.at_most else at + span)
    if rule.after_talk_days:
        talks = [each.on for each in made if each.channel == rule.counts and each.talked]
        waits.extend(each + timedelta(days=rule.after_talk_days) for each in talks)
    return waits
