"""What is done and what is to be done, checking it all, sending it, and deleting it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from equipoise.errors import BadInput
from equipoise.journey import (
    NotRead,
    Page,
    read_answer,
    typed_text,
    written_answer,
    written_document,
)
from equipoise.service.contexts.drafts import services
from equipoise.service.contexts.drafts.reading import (
    DraftState,
    DraftView,
    asked,
    contacts_of,
)
from equipoise.service.contexts.drafts.services import NotComplete
from equipoise.service.pages.applicant.guard import possessed
from equipoise.service.pages.applicant.moving import others
from equipoise.service.pages.applicant.showing import show
from equipoise.service.pages.applicant.standing import warn
from equipoise.service.pages.applicant.steps import Step, after, questions, share, steps
from equipoise.service.pages.frame.language import remember
from equipoise.texts.saying import our_languages

_PAGES = (
    "apply-tasks",
    "apply-check",
    "apply-progress",
    "apply-answer",
    "apply-agreement",
    "apply-data",
    "apply-decline",
    "apply-move",
    "apply-ask",
    "apply-feedback",
    "apply-help",
    "apply-papers",
)


@require_safe
@possessed
def tasks(request: HttpRequest, draft: DraftView) -> HttpResponse:
    """The list; whatever stands in it, it says that nothing has been sent yet."""
    if draft.state != DraftState.OPEN:
        return redirect("apply-progress", draft.id)
    way = steps(draft)
    done = sum(step.done for step in way)
    shown = {"draft": draft, "steps": way, "done": done, "share": share(draft)}
    shown |= {"others": others(draft), "all_done": not any(step.open for step in way)}
    return show(request, "tasks", {**shown, "count": len(way), "following": after(draft, "")})


@require_safe
@possessed
def check(request: HttpRequest, draft: DraftView) -> HttpResponse:
    """Every answer as it was understood, with a way to change it; once it was sent, those to what
    is asked besides."""
    way = steps(draft)
    if draft.state != DraftState.OPEN and not way:
        return redirect("apply-progress", draft.id)
    reach = [] if draft.sent_at else [_contact_row(draft, way[0])]
    answers = zip(questions(draft), way[len(reach) :], strict=False)
    rows = [*reach, *(_row(draft, page, step) for page, step in answers)]
    shown = {"draft": draft, "rows": rows, "complete": all(each.done for each in way)}
    waits = {"open": [e for e in way if e.open], "held": any(e.held for e in way)}
    return show(request, "check", {**shown, **waits, "after": asked(draft).after})


@require_POST
@possessed
def send(request: HttpRequest, draft: DraftView) -> HttpResponse:
    """Send it; pressed twice it is sent once."""
    hands, after = draft.hands, request.POST.get("after", "")[:80]
    try:
        if after:
            services.send_more(draft.id, after, hands.by, hands.channel)
        else:
            services.send(draft.id, hands.by, hands.channel)
        warn(draft)
    except NotComplete:
        return redirect("apply-check", draft.id)
    return redirect("apply-progress", draft.id)


@require_http_methods(["GET", "HEAD", "POST"])
@possessed
def delete(request: HttpRequest, draft: DraftView) -> HttpResponse:
    """Delete what was typed, after it was said what goes."""
    if draft.state != DraftState.OPEN:
        return redirect("apply-progress", draft.id)
    if request.method != "POST":
        return show(request, "delete", {"draft": draft})
    services.end(draft.id, "deleted", draft.hands)
    return show(request, "deleted", {})


@require_POST
@possessed
def speak(request: HttpRequest, draft: DraftView) -> HttpResponse:
    """Be spoken to in another language, and see the same page again."""
    language, back = request.POST.get("language", ""), request.POST.get("page", "")
    if language not in our_languages() or back not in _PAGES:
        raise Http404
    services.speak(draft.id, language)
    return remember(redirect(back, draft.id), language)


def _contact_row(draft: DraftView, step: Step) -> dict[str, str]:
    raw = draft.typed.contact
    try:
        given = contacts_of(raw, draft.product.contract.currency)
        text = ", ".join(each.value for each in given)
    except BadInput:
        text = ""
    typed = " ".join(raw.values()).strip()
    return {"question": step.title, "text": text, "url": step.url, "raw": typed}


def _row(draft: DraftView, page: Page, step: Step) -> dict[str, str]:
    raw = draft.typed.raw.get(page.field.name, {})
    currency, language = draft.product.contract.currency, draft.language
    row = {"question": page.question, "url": step.url}
    try:
        answer = read_answer(page.field, raw, language)
    except NotRead as fault:
        held = fault.message if written_document(raw) else ""
        return {**row, "held": held, "raw": typed_text(raw)}
    return {**row, "text": written_answer(page.field, answer, currency, language, raw)}


urlpatterns = [
    path("<slug:draft>/", tasks, name="apply-tasks"),
    path("<slug:draft>/check", check, name="apply-check"),
    path("<slug:draft>/language", speak, name="apply-speak"),
    path("<slug:draft>/send", send, name="apply-send"),
    path("<slug:draft>/delete", delete, name="apply-delete"),
]
