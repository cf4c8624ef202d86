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

from pydantic import Field, model_validator

from equipoise.documents import Document, read_document
from equipoise.errors import BadInput, GateRefused, did_you_mean
from equipoise.jurisdiction import Dated, in_force
from equipoise.texts.wording import Text

Channel = Literal["call", "message", "letter", "visit"]
_OURS = files("equipoise.watch.disposal").joinpath("packs")  # may stand in a zip


class ContactRule(Dated):
    """At most so many contacts of a channel in so many days (hours of the customer's own clock
    between `quiet_after` and `quiet_until` excepted), and none for `after_talk_days` after a talk.

    One day is a calendar day of the customer's; more are as many times 24 hours. Without `at_most`
    the hours alone are ruled.
    """

    counts: Channel
    at_most: int | None = Field(default=None, ge=0)
    days: int = Field(default=1, ge=1, le=366)
    quiet_after: time
    quiet_until: time
    after_talk_days: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _quiet_at_night(self) -> ContactRule:
        if self.quiet_until >= self.quiet_after:
            raise ValueError(
                f"'{self.id}' is quiet from `quiet_after` to `quiet_until` of the next day"
            )
        return self


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
    others = [*made]
    for rule in (each for each in rules if each.counts == channel):
        if rule.at_most == 0:
            raise GateRefused(
                f"nobody is contacted in this way ({rule.id}: {rule.source})",
                field="channel",
                mend="choose another way",
            )
        allowed = _allowed(rule, others, at, zone)
        if allowed > at:
            raise GateRefused(
                f"not before {allowed.astimezone(zone):%Y-%m-%d %H:%M} of the customer's clock "
                f"({rule.id}: {rule.source})",
                field="at",
                mend="wait until then, or write a letter",
            )


def _allowed(rule: ContactRule, made: list[Contact], at: datetime, zone: ZoneInfo) -> datetime:
    """The first instant from `at` on at which the rule lets a contact be made."""
    allowed = _awake(rule, _after_others(rule, made, at, zone), zone)
    return at if allowed == at else _allowed(rule, made, allowed, zone)


def _awake(rule: ContactRule, at: datetime, zone: ZoneInfo) -> datetime:
    local = at.astimezone(zone)
    if local.time() < rule.quiet_until:
        return datetime.combine(local.date(), rule.quiet_until, zone)
    if local.time() >= rule.quiet_after:
        return datetime.combine(local.date() + timedelta(days=1), rule.quiet_until, zone)
    return at


def _after_others(rule: ContactRule, made: list[Contact], at: datetime, zone: ZoneInfo) -> datetime:
    same = [each for each in made if each.channel == rule.counts]
    rests = [each.on + timedelta(days=rule.after_talk_days) for each in same if each.talked]
    at = max(at, *rests) if rests and rule.after_talk_days else at
    if rule.at_most is None:
        return at
    days = sorted(each.on.astimezone(zone) for each in same)
    if rule.days == 1:
        return _day_with_room(days, rule.at_most, at, zone)
    return _span_with_room(days, rule.at_most, timedelta(days=rule.days), at)


def _day_with_room(made: list[datetime], at_most: int, at: datetime, zone: ZoneInfo) -> datetime:
    """`at`, or the beginning of the next day, where that day has as many."""
    today = at.astimezone(zone).date()
    full = sum(each.date() == today for each in made) >= at_most
    return datetime.combine(today + timedelta(days=1), time(), zone) if full else at


def _span_with_room(made: list[datetime], at_most: int, span: timedelta, at: datetime) -> datetime:
    """The first instant from `at` on with which no span has more than `at_most`, those that are
    planned for later counted too."""
    for first in sorted({at, *(each + span for each in made if each + span > at)}):
        near = sorted([*made, first])
        spans = [(a, b) for a, b in zip(near, near[at_most:], strict=False) if a <= first <= b]
        if all(b - a >= span for a, b in spans):
            return first
    raise AssertionError("a span after the last of them there is room")
