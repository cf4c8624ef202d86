"""A service in which there is one of everything that an address names, for whoever sends odd things
to all addresses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from at_the_desk import follow
from fronting import ALL, accepted, begun, brought, completed, offered, photo, unclear
from kept_letters import kept_letter
from lender import ask, facts
from people import logged_in, person, send, with_key
from test_batches import as_file, decided
from test_batches import people as rows
from through_door import Client

from equipoise.service.contexts.cases.models import Work
from equipoise.service.contexts.complaints.models import Complaint
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.contexts.erasing import services as erasing
from equipoise.service.contexts.erasing.people import person_of
from equipoise.service.platform.accounts.models import ApiKey
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.webhooks import outbox
from equipoise.service.platform.webhooks.models import Delivery

HOOK = {"url": "https://hooks.example.com/us", "events": ["decision.made"]}
# Which draft an address is about, by its last part; the others are about what is unclear.
_ABOUT = {
    "offered": ("offers", "terms", "acceptance", "reading", "signature", "withdrawal", "copy"),
    "declined": ("decline", "other-terms", "second-look", "letter"),
    "open": ("answers", "contact", "consents", "send", "moves", "language", "revocation"),
}
Known = Mapping[str, Any]
"""What there is, by what the addresses call it; and the drafts of `_ABOUT`, by their names."""


def named_in(path: str, known: Known) -> dict[str, Any]:
    """What there is of what an address names."""
    last = path.rpartition("/")[2]
    about = next((name for name, parts in _ABOUT.items() if last in parts), None)
    drafts = {} if about is None else {"own_draft_id": known[about]}
    agreed = {"application_id": known["agreed"]} if last == "agreement" else {}
    return {
        name: value
        for name, value in {**known, **drafts, **agreed}.items()
        if f"{{{name}}}" in path
    }


def one_of_each(program: Client) -> dict[str, Any]:
    """What a program, which may do all that programs may, and those it acts for have made."""
    webhook = _posted(program, "/v1/webhooks", HOOK)["id"]
    drafts = _drafts(program)
    declined = Draft.objects.get(pk=drafts["declined"])
    ask(program, facts(application_id="to-be-erased"))
    gone = person_of("to-be-erased", {})
    in_debt = ask(program, facts(application_id="in-debt", dti=0.9)).json()["application"]
    outbox.gather()
    follow()
    asked = asked_besides(Draft.objects.get(pk=drafts["own_draft_id"]).application)
    with_key(person(Role.ADMINISTRATOR), "decisions.read")
    key = ApiKey.objects.latest("made_at")
    return {
        **drafts,
        "ask_id": asked,
        "own_ask_id": asked,
        "application_id": Draft.objects.get(pk=drafts["own_draft_id"]).application,
        "agreed": Draft.objects.get(pk=drafts["offered"]).application,
        "decision_id": ask(program).json()["id"],
        "notice_id": kept_letter(declined.decision),
        "review_id": _posted(program, f"/v1/applications/{in_debt}/reviews", {})["id"],
        "work_id": Work.objects.earliest("pk").pk,
        "batch_id": decided(program, as_file(rows(3), "csv"))["id"],
        "erasure_id": erasing.begin(gone, erasing.Reason.REQUEST, {"by": "user.1"}).id,
        "webhook_id": webhook,
        "delivery_id": Delivery.objects.earliest("pk").pk,
        "user_id": person(Role.UNDERWRITER).pk,
        "prefix": key.prefix,
        "program_id": key.program_id,
        "strategy": "corner",
    }


def _drafts(program: Client) -> dict[str, Any]:
    """One in which something is unclear, with all that is said and brought; one whose offer was
    taken, one that was declined, and one that is not sent."""
    unsettled, taken = completed(program, sick="yes"), completed(program)
    concern, paper = unclear(program, unsettled), brought(program, unsettled, photo()).json()["id"]
    for what, body in (
        ("complaints", {"words": "You asked twice."}),
        ("corrections", {"words": "It is 790.", "field": "score"}),
        ("conversation", {"question": "Where is it?"}),
        ("conversation", {"person": True}),
    ):
        _posted(program, f"{ALL}/{unsettled}/{what}", body)
    accepted(program, taken, offered(program, taken)["seen"])
    return {
        "own_draft_id": unsettled,
        "draft_id": unsettled,
        "concern_id": concern,
        "own_concern_id": concern,
        "paper_id": paper,
        "own_paper_id": paper,
        "complaint_id": Complaint.objects.earliest("pk").pk,
        "offered": taken,
        "declined": completed(program, dti=0.9),
        "open": begun(program)["id"],
    }


def asked_besides(application: str) -> str:
    """What an underwriter asks the applicant besides, where a person is to decide."""
    desk = logged_in(person(Role.UNDERWRITER, branch="north"))
    question = {"what": "question", "answer": "text", "question": {"en": "Since when?"}}
    body = {**question, "why": {"en": "It is not clear from the payslips."}}
    return str(_posted(desk, f"/v1/applications/{application}/asks", body)["id"])


def _posted(program: Client, path: str, body: Any) -> Any:
    answer = send(program, "POST", path, body)
    assert answer.status_code in (200, 201), (path, answer.content)
    return answer.json()
