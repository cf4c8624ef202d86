"""Endpoints for a front end of the lender's own: documents that applicants bring."""

from __future__ import annotations

from typing import IO, Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import parse_header_parameters
from ninja import Router, Status
from ninja.errors import HttpError

from equipoise.errors import BadInput
from equipoise.service.contexts.drafts.reading import DraftState, DraftView
from equipoise.service.contexts.papers import services
from equipoise.service.contexts.papers.reading import of_draft, own
from equipoise.service.contexts.papers.services import Bringer
from equipoise.service.pages.applicant.bringing import FILE
from equipoise.service.pages.applicant.not_taken import NOTHING, REFUSED, Refusal, refusal_of
from equipoise.service.pages.applicant.standing import standing
from equipoise.service.pages.applicant.steps import questions
from equipoise.service.pages.applicant.wanted import wanted
from equipoise.service.pages.fronts.api import ONE
from equipoise.service.pages.fronts.held import held
from equipoise.service.pages.fronts.papers_schemas import OwnPaperOut, OwnPapersOut
from equipoise.service.platform.accounts.access import May
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.api.short_text import OptionalName
from equipoise.service.platform.operations import catalogue
from equipoise.service.platform.operations.catalogue import GONE, SEALED, STATE, gives
from equipoise.service.platform.operations.problems import problem
from equipoise.service.platform.papers.handing_out import ENDINGS, as_file
from equipoise.service.platform.papers.incoming import Nameless
from equipoise.texts.saying import say

router = Router(tags=["drafts"])
_MAY = May(Action.APPLY)
_FORM = "multipart/form-data"
KINDS = (
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/heic",
    "image/heif",
    "application/pdf",
    "application/octet-stream",
)
"""What a body may say of itself. What it is, its content says."""
_FILE = {"schema": {"type": "string", "format": "binary"}}
_BODY = {
    "required": True,
    "description": "A picture or a PDF of at most 12 MB and 50 pages, as it is or as the file "
    f"`{FILE}` of a form. What its file was called stands in the form, or in the header "
    "Content-Disposition (`attachment; filename*=UTF-8''payslip.pdf`); never in the address.",
    "content": {
        **dict.fromkeys(KINDS, _FILE),
        _FORM: {
            "schema": {
                "type": "object",
                "properties": {FILE: _FILE["schema"]},
                "required": [FILE],
            }
        },
    },
}
_CONTENT = {
    "responses": {200: {"description": "The file.", "content": dict.fromkeys(ENDINGS, _FILE)}}
}
_REFUSALS = {
    each.status: each
    for each in (
        catalogue.STATE,
        catalogue.TOO_LARGE,
        catalogue.VALUE,
        catalogue.TOO_OFTEN,
        catalogue.BUSY,
    )
}


@router.get(f"{ONE}/papers", auth=_MAY, response=OwnPapersOut)
@gives(GONE, SEALED)
def list_own_papers(request: HttpRequest, own_draft_id: str) -> Any:
    """Which documents are asked for by now, and which the person brought, in that order."""
    with held(request, own_draft_id) as draft:
        asked = [{"about": name, "words": words} for name, words in wanted(draft)]
        return {"wanted": asked, "papers": of_draft(draft.id), "most": services.MOST_PAPERS}


@router.post(
    f"{ONE}/papers",
    auth=_MAY,
    response={201: OwnPaperOut},
    openapi_extra={"requestBody": _BODY},
)
@gives(STATE, GONE, SEALED)
def bring_paper(request: HttpRequest, own_draft_id: str, about: OptionalName = "") -> Any:
    """Bring a document. `about` is what it is for: the name of a check that asks for it, or the id
    of something unclear. Where it is not taken, `detail` and `mend` are in words for the person."""
    with held(request, own_draft_id) as draft:
        _refuse_strange(draft, about)
        file, name = _given(request)
        if file is None:
            return _refused(request, NOTHING)
        try:
            bringer = Bringer(draft.id, None, draft.hands)
            paper = services.bring(bringer, file, name, about)
        except REFUSED as error:
            return _refused(request, refusal_of(error))
        return Status(201, next(each for each in of_draft(draft.id) if each.id == paper))


@router.get(f"{ONE}/papers/{{own_paper_id}}", auth=_MAY, openapi_extra=_CONTENT)
@gives(GONE, SEALED)
def read_own_paper(request: HttpRequest, own_draft_id: str, own_paper_id: str) -> HttpResponse:
    """A document as it is kept, once the scanner has let it through."""
    with held(request, own_draft_id) as draft:
        file = own(draft.id, _plain(own_paper_id))
        if file is None:
            raise Http404
        return as_file(own_paper_id, *file)


@router.delete(f"{ONE}/papers/{{own_paper_id}}", auth=_MAY, response={204: None})
@gives(STATE, GONE, SEALED)
def take_paper_back(request: HttpRequest, own_draft_id: str, own_paper_id: str) -> Any:
    """Destroy a document that was brought."""
    with held(request, own_draft_id) as draft:
        paper = _plain(own_paper_id)
        if paper not in {each.id for each in of_draft(draft.id)}:
            raise Http404
        services.take_back(draft.id, paper, draft.hands)
    return Status(204, None)


def _refuse_strange(draft: DraftView, about: str) -> None:
    known = {name for name, _ in wanted(draft)}
    known |= {page.field.name for page in questions(draft) if page.kind == "file"}
    if about and draft.state == DraftState.SENT:
        known |= {each.id for each in standing(draft).unclear}
    if about and about not in known:
        raise BadInput(
            "nothing of that name asks for a document now",
            field="about",
            mend="name what `wanted` or the list of what is unclear names, or leave it out",
        )


def _given(request: HttpRequest) -> tuple[IO[bytes] | None, str]:
    """The file and what it was called, None where a form has none."""
    if request.content_type == _FORM:
        request.upload_handlers = [Nameless(request)]
        file = request.FILES.get(FILE)
        return cast("IO[bytes] | None", file), (file.name or "") if file else ""
    if request.content_type not in KINDS:
        raise HttpError(415, f"send {', '.join(KINDS)}, or a form with the file in '{FILE}'")
    return cast("IO[bytes]", request), _called(request.headers.get("Content-Disposition", ""))


def _called(said: str) -> str:
    """The file's name, empty where none is given. Raises BadInput."""
    try:
        return str(parse_header_parameters(said)[1].get("filename", ""))
    except ValueError:
        raise BadInput(
            "the file's name cannot be read",
            field="Content-Disposition",
            mend="write filename*=UTF-8''... with the name percent-encoded",
        ) from None


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    kind = _REFUSALS[refusal.status]
    answer = problem(
        request,
        kind,
        say(refusal.message),
        mend=say(refusal.mend) if refusal.mend else "",
        where={"field": FILE},
    )
    if refusal.wait:
        answer["Retry-After"] = str(refusal.wait)
    return answer


def _plain(paper: str) -> str:
    return paper[:60].replace("\x00", "")
