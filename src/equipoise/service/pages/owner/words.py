"""What steps, turns and times are called on the service owner's pages."""

from __future__ import annotations

from collections.abc import Mapping

from equipoise.service.contexts.process.reading import Picture, Share, Spread
from equipoise.service.pages.charts.figures import of
from equipoise.texts.languages import text_in
from equipoise.texts.numbers import ABSENT, fixed, span, written
from equipoise.texts.saying import ENGLISH, marked, say, spoken

PAGE = "page."
STEPS: Mapping[str, str] = {
    "begun": marked("Begun"),
    "consents": marked("Consents"),
    "page.contact": marked("Contact"),
    "sent": marked("Sent off"),
    "more": marked("More is asked"),
    "checks": marked("Checks"),
    "concern": marked("Something unclear"),
    "question": marked("A person asks"),
    "person": marked("A person decides"),
    "offered": marked("Offer made"),
    "offer": marked("The offer"),
    "sign": marked("The agreement"),
    "signed": marked("Signed"),
    "booked": marked("Booked"),
    "declined": marked("Declined"),
    "declined_first": marked("Declined at first"),
    "withdrawn": marked("Withdrawn"),
    "lapsed": marked("Lapsed"),
    "deleted": marked("Deleted by the applicant"),
    "expired": marked("Expired"),
    "silent": marked("Fell silent"),
    "erased": marked("Erased"),
    "helped": marked("Helped by a clerk"),
    "moved": marked("Moved to another product"),
    "other_terms": marked("Took other terms"),
    "paper": marked("Document brought"),
    "person_asked": marked("Asked for a person"),
    "person_replied": marked("A person wrote back"),
    "complained": marked("Complained"),
    "review_asked": marked("Asked for a second look"),
    "review_settled": marked("Second look settled"),
    "withdrew": marked("Withdrew after signing"),
    "accepted": marked("Accepted in the end"),
}
GROUPS: Mapping[str, str] = {
    "channel": marked("Channel"),
    "product": marked("Product"),
    "version": marked("Version"),
    "grade": marked("Grade"),
    "language": marked("Language"),
    "region": marked("Region"),
    "journey": marked("Lender's process"),
    "tier": marked("Tier"),
    "segment": marked("Segment"),
}
PARTIES = {"customer": marked("the applicant's"), "lender": marked("the lender's")}
FOUND = {
    "better": marked("better"),
    "worse": marked("worse"),
    "open": marked("not settled"),
    "too_few": marked("too few"),
}
KINDS = {
    "take_away": marked("take it away"),
    "make_fast": marked("make it as fast as its fastest tenth"),
}
VERDICTS = {
    "changes_nothing": marked("no"),
    "not_known": marked("not known"),
    "changes_decisions": marked("yes"),
}
_UNKNOWN = "(not known)"


def step_name(step: str, picture: Picture) -> str:
    """What a step is called: in our words, else in those of the page that asks, else its own."""
    if picture.named:
        return step
    if step in STEPS:
        return say(STEPS[step])
    label = picture.labels.get(step, {})
    return text_in(label, spoken()) or text_in(label, ENGLISH) or step.removeprefix(PAGE)


def group_name(group: str | None) -> str:
    """What a group is called; those of whom the column says nothing in our words."""
    if group is None:
        return ""
    return say("not known") if group == _UNKNOWN else group


def said(share: Share) -> str:
    """`40 % (80/200)`; of fewer than ten the counts alone."""
    return of(share.k, share.n)


def interval(share: Share) -> str:
    """From which share to which one."""
    if share.low is None or share.high is None:
        return ABSENT
    return span(_percent(share.low), _percent(share.high))


def _percent(value: float) -> str:
    return f"{fixed(100 * value, 0)}{written().percent}"


def lasting(days: float | None) -> str:
    """A time on the calendar, in minutes, hours or days."""
    if days is None:
        return ABSENT
    minutes = days * 1440
    if minutes < 1:
        return say("under a minute")
    if minutes < 100:
        return say("{n} min", n=fixed(minutes, 0))
    return say("{n} h", n=fixed(days * 24, 1)) if days < 3 else say("{n} d", n=fixed(days, 1))


def both(spread: Spread, hours: bool = False) -> tuple[str, str]:
    """Half and nine tenths; of open hours where `hours`."""
    if hours:
        first, last = (None if v is None else v / 24 for v in (spread.p50, spread.p90))
        return _open(first), _open(last)
    return lasting(spread.p50), lasting(spread.p90)


def _open(days: float | None) -> str:
    """Open hours never become days: nobody knows how long a day of theirs is."""
    if days is None:
        return ABSENT
    return lasting(days) if days * 1440 < 100 else say("{n} h", n=fixed(days * 24, 1))
