"""What somebody does by a form, on pages of risk: done, or told why not with their words kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest

from equipoise.errors import BadInput, EquipoiseError
from equipoise.service.pages.frame.words import said_word
from equipoise.service.platform.overtaking import Overtaken
from equipoise.texts.currencies import decimals
from equipoise.texts.refusing import refused
from equipoise.texts.saying import say

CONFLICT = 409
"""The status of a page that tells why something was not done."""
_MOST_DIGITS = 15


def done(request: HttpRequest, act: Callable[[], object], sentence: str = "") -> bool:
    """Do it and say so; else say why not, of whoever was faster by name. Raises Http404."""
    try:
        act()
    except Overtaken as error:
        faster = say("{name} was first: {what}.", name=error.who, what=said_word(error.kind))
        messages.error(
            request, f"{faster} {say('What you typed is still here. Look, and send it.')}"
        )
    except EquipoiseError as error:
        messages.error(request, refused(error))
    except (ObjectDoesNotExist, OverflowError):
        raise Http404 from None
    else:
        messages.success(request, sentence or say("It is recorded."))
        return True
    return False


def given(request: HttpRequest, name: str, most: int = 2000) -> str:
    """What was typed into a field, as far as it is read."""
    return request.POST.get(name, "")[:most].replace("\x00", "").strip()


def seen(request: HttpRequest) -> int:
    """Which state of it was seen, as the form says."""
    text = given(request, "seen", 9)
    return int(text) if text.isascii() and text.isdigit() else -1


def moment(request: HttpRequest, name: str) -> datetime:
    """A moment of UTC. Raises BadInput."""
    try:
        read = datetime.fromisoformat(given(request, name, 40))
    except ValueError:
        raise BadInput("this is no moment", field=name, mend="write 2026-03-02T12:00") from None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read


def day(request: HttpRequest, name: str) -> date:
    """A day. Raises BadInput."""
    try:
        return date.fromisoformat(given(request, name, 40))
    except ValueError:
        raise BadInput("this is no day", field=name, mend="write 2026-03-02") from None


def number(request: HttpRequest, name: str) -> float:
    """A number. Raises BadInput."""
    return float(_decimal(request, name))


def minor(request: HttpRequest, name: str, currency: str) -> int:
    """An amount in minor units. Raises BadInput."""
    amount = _decimal(request, name).scaleb(decimals(currency))
    if amount != amount.to_integral_value():
        raise BadInput(
            "the amount has more decimals than its currency", field=name, mend="round it"
        )
    return int(amount)


def _decimal(request: HttpRequest, name: str) -> Decimal:
    text = given(request, name, 40).replace(",", "")
    try:
        read = Decimal(text)
    except InvalidOperation:
        raise BadInput("this is no number", field=name, mend="write 1200.50") from None
    if not read.is_finite() or len(text) > _MOST_DIGITS:
        raise BadInput("this is no number", field=name, mend="write 1200.50")
    return read
