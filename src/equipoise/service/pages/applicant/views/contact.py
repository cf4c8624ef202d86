"""How the person is reached: an e-mail address or a telephone, what for, and for what else if they
agree to it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_http_methods

from equipoise.errors import BadInput
from equipoise.service.contexts.drafts import services
from equipoise.service.contexts.drafts.reading import DraftView, anew, contacts_of
from equipoise.service.pages.applicant.guard import possessed
from equipoise.service.pages.applicant.leaving import left_for
from equipoise.service.pages.applicant.showing import show
from equipoise.service.pages.applicant.steps import after, share
from equipoise.service.platform.messages.services import transport
from equipoise.texts.purposes import PURPOSES
from equipoise.texts.saying import say

_BOXES = ("email", "phone")
_ASKED = tuple(each for each in PURPOSES if each.with_contact)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and in which box."""

    box: str
    message: str


@require_http_methods(["GET", "HEAD", "POST"])
@possessed
def ask(request: HttpRequest, draft: DraftView) -> HttpResponse:
    """Keep what was typed; go on once one of the two is there, and what is there can be read."""
    if request.method != "POST":
        return _shown(request, draft)
    services.save_contact(draft.id, {box: request.POST.get(box, "") for box in _BOXES})
    ticked = {each.name for each in _ASKED if request.POST.get(each.name)}
    services.consent(draft.id, ticked, draft.hands, _ASKED)
    leaving = left_for(request, draft)
    if leaving is not None:
        return leaving
    kept = anew(draft)
    fault = _fault(kept)
    if fault is not None:
        return _shown(request, kept, fault)
    services.contact_given(draft.id, share(kept), draft.hands)
    return redirect(after(kept, request.path))


def _fault(draft: DraftView) -> Fault | None:
    try:
        given = contacts_of(draft.typed.contact, draft.product.contract.currency)
    except BadInput as error:
        return Fault(error.field or "email", _unread(error.field))
    return None if given else Fault("email", say("Give an e-mail address or a telephone number."))


def _unread(box: str | None) -> str:
    if box == "phone":
        return say(
            "We cannot read this telephone number. Begin with + and the country's number, as in"
            " +44 20 7946 0000."
        )
    return say("We cannot read this e-mail address. Write it as in name@example.com.")


def _channels(draft: DraftView) -> list[str]:
    """What is asked for: where messages can be sent to, and what was given before."""
    way = transport()
    can = way.channels if way else frozenset()
    return [each for each in _BOXES if each in can or draft.typed.contact.get(each)]


def _shown(request: HttpRequest, draft: DraftView, fault: Fault | None = None) -> HttpResponse:
    shown = {
        "draft": draft,
        "contact": draft.typed.contact,
        "fault": fault,
        "channels": _channels(draft),
        "purposes": _ASKED,
        "ticked": draft.typed.consents,
    }
    return show(request, "contact", shown, status=422 if fault else 200)


urlpatterns = [path("<slug:draft>/contact", ask, name="apply-contact")]
