"""Words of the watch, as pages say them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.urls import reverse

from equipoise.service.contexts.watch.reading import ReadingView
from equipoise.service.pages.frame.words import said_word
from equipoise.texts.languages import text_in
from equipoise.texts.numbers import percent, plain
from equipoise.texts.saying import marked, say, spoken

if TYPE_CHECKING:
    from equipoise.watch import Indicator, Risk

_HAPPENED: Mapping[str, str] = {
    "raised": marked("It rang."),
    "fired": marked("It rings for certain."),
    "rang": marked("It rings again ({severity})."),
    "cleared": marked("It rings no more."),
    "acknowledged": marked("{who} has it."),
    "treated": marked("{who} does something about it: {words}"),
    "mitigated": marked("{who} says that this should hold: {words}"),
    "verified": marked("{who} saw that it holds."),
    "closing_asked": marked("{who} wants it closed ({ending}): {words}"),
    "closing_refused": marked("{who} does not agree: {words}"),
    "closed": marked("It is closed ({ending}). {who}"),
    "reopened": marked("It rang after it was closed, and is open again ({severity})."),
    "silenced": marked("{who} has nobody told of it: {words}"),
    "silence_ended": marked("The silence is over."),
    "inhibited": marked("Its data are not to be believed."),
    "inhibition_ended": marked("Its data can be believed again."),
    "escalated": marked("Nobody took it in time: the next is told."),
    "notified": marked("{to} is told ({cause})."),
}
_ACCEPTED = marked("accepted as it is")  # of an alert; `accepted` alone is a post-mortem's
_SHARES = frozenset({"rate"})
_COLOURS = {"red": "dead", "data": "dead", "amber": "waiting", "green": "active"}


def sentence(what: str, **places: str) -> str:
    """What happened to an alert, in a sentence."""
    message = _HAPPENED.get(what)
    return what if message is None else say(message, **places).strip()


def ended_as(ending: str) -> str:
    """How an alert ends, or is to end, in words."""
    return say(_ACCEPTED) if ending == "accepted" else said_word(ending)


def labelled(name: str, indicator: Indicator | None) -> str:
    """What an indicator is called in the language spoken now; what is watched besides by what it
    is."""
    if indicator is not None:
        return text_in(indicator.label, spoken()) or name
    kind, _, of = name.partition(".")
    if kind == "table":
        return say("Table {name} cannot be read", name=of)
    if kind == "tape":
        return say("Table {name} stopped coming", name=of)
    if kind == "drill":
        return say("The drill of {name} is late", name=of)
    if kind == "standing":
        return say("Today's policy is further from the frontier than is accepted")
    return name


def titled(risk: Risk) -> str:
    """What a risk is called."""
    return text_in(risk.label, spoken()) or risk.name


def written(value: float | None, kind: str) -> str:
    """A value as its indicator counts it."""
    if value is None:
        return "–"
    return percent(value) if kind in _SHARES else plain(value)


def rows_of(name: str, reading: ReadingView | None) -> str:
    """Where the query and the rows of an indicator's reading stand; nowhere without rows."""
    if reading is None or not reading.n:
        return ""
    return f"{reverse('risk-rows', args=[name])}?period={reading.period.isoformat()}"


def colour(reading: ReadingView | None) -> tuple[str, str]:
    """A reading's verdict in a word, and the look of it."""
    if reading is None:
        return "–", ""
    return said_word(reading.colour), _COLOURS.get(reading.colour, "")


def look_of(severity: str) -> str:
    """The look of a severity."""
    return _COLOURS.get(severity, "")
