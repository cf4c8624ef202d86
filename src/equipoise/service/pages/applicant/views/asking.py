"""Asking: the helper's conversation, and the person it is handed to."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_http_methods

from equipoise.errors import BadInput
from equipoise.service.contexts.conversations import services
from equipoise.service.contexts.drafts.reading import DraftView
from equipoise.service.pages.applicant import asking
from equipoise.service.pages.applicant.guard import possessed
from equipoise.service.pages.applicant.showing import show


@require_http_methods(["GET", "HEAD", "POST"])
@possessed
def ask(request: HttpRequest, draft: DraftView) -> HttpResponse:
    """The conversation so far, and a box to ask in."""
    if request.method != "POST":
        return _shown(request, draft)
    question = request.POST.get("question", "")
    try:
        _said(request, draft, question)
    except BadInput:
        return _shown(request, draft, question[: services.MOST], refused=True)
    return redirect(f"{request.path}#last")


def _said(request: HttpRequest, draft: DraftView, question: str) -> None:
    if request.POST.get("person"):
        asking.want_a_person(draft)
    elif choice := request.POST.get("choice", "")[:80]:
        asking.choose(draft, choice)
    else:
        asking.ask(draft, question)


def _shown(
    request: HttpRequest, draft: DraftView, question: str = "", *, refused: bool = False
) -> HttpResponse:
    so_far = asking.conversation(draft)
    shown = {
        "draft": draft,
        "turns": so_far.turns,
        "menu": so_far.menu,
        "person": so_far.person,
        "question": question,
        "refused": refused,
        "most": services.MOST,
    }
    return show(request, "ask", shown, status=422 if refused else 200)


urlpatterns = [path("<slug:draft>/ask", ask, name="apply-ask")]
