"""A person who went through everything is erased: then nothing says who they were or what they said
in any row of any table, any file and any file's name. What may name their draft is written down."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from fronting import ALL, accepted, begun, brought, completed, front, offered, photo
from lender import anew, publish
from letter_lender import WITH_AGENCY
from own_folder import own_folder
from people import logged_in, person, send
from test_batches import work
from test_lists import lender_with_phones
from test_logs import forms
from through_door import Client

from equipoise.service.contexts.cases import tasks as cases
from equipoise.service.contexts.complaints import tasks as complaints
from equipoise.service.contexts.conversations import tasks as conversations
from equipoise.service.contexts.drafts import tasks as drafts
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.contexts.drafts.services import Hands, open_elsewhere
from equipoise.service.contexts.erasing import services
from equipoise.service.contexts.erasing.models import State
from equipoise.service.contexts.erasing.people import person_of
from equipoise.service.contexts.feedback import tasks as feedback
from equipoise.service.contexts.notices import tasks as notices
from equipoise.service.contexts.papers import tasks as papers
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.jobs.queue import claim
from equipoise.service.platform.jobs.registering import SHORT
from equipoise.service.platform.jobs.worker import run
from equipoise.service.platform.messages import tasks as messages
from equipoise.service.platform.record.proving import verify_record, verify_rows

EMAIL, PHONE = "zebedee.plantagenet@planted.example", "+31 6 5555 0147"
SAID = {
    "name": "Zebedee Plantagenet",
    "file": "payslip from Planthaven.jpg",
    "typed": "maybe planted",
    "question": "Can my lighthouse in Planthaven be security?",
    "complaint": "You planted two letters in my box.",
    "correction": "My planted score is 790.",
    "unclear": "I was ill in Planthaven, and am back.",
    "asked": "Is the planted lighthouse yours?",
    "why": "A planted bill names somebody else.",
    "told": "It is my planted aunt's.",
    "review": "My planted work begins in spring.",
    "feedback": "Fewer letters to Planthaven.",
    "ours": "Dear Zebedee, we looked at it again.",
}
# What may name a draft of somebody who was erased, by its id: only by this rule of "What stays, and
# why", and in these columns.
RULE = "| ids of drafts and applications, of what hangs on them, and when it was |"
HOW_TO = Path(__file__).parents[3] / "docs" / "howto" / "erase-a-person.md"
KEPT = {
    *("record_chain.chain", "record_event.chain", "record_event.body", "erasing_erasure.subjects"),
    *("drafts_draft.id", "drafts_draft.sealed", "drafts_access.draft_id"),
    *("complaints_complaint.draft", "feedback_ask.draft"),
    *("outbox_message.chain", "outbox_message.subject"),
}


@pytest.fixture
def folder(sqlite_database: Any, tmp_path: Path) -> Iterator[Path]:
    result = {"messages": "keep", "address": "https://apply.example.com", "jurisdiction": "US"}
    (tmp_path / "lender.yaml").write_text(WITH_AGENCY, encoding="utf-8")
    with own_folder(tmp_path, **result), anew():
        publish(raw=lender_with_phones())
        yield tmp_path


def posted(client: Client, path: str, body: Any, status: int = 200) -> Any:
    answer = send(client, "POST", path, body)
    assert answer.status_code == status, (path, answer.content)
    return answer.json() if answer.content else None


def signed(program: Client) -> str:
    """Somebody who took an offer, signed it, said how it went, and withdrew."""
    draft = completed(program, more=("asking_back",), email=EMAIL, phone=PHONE)
    feedback.ask_how_it_went.func()
    posted(program, f"{ALL}/{draft}/feedback", {"scale": "satisfaction", "score": 2})
    posted(program, f"{ALL}/{draft}/feedback", {"words": SAID["feedback"]})
    read = accepted(program, draft, offered(program, draft)["seen"])
    name = {"name": SAID["name"], "seen": read["seen"]}
    posted(program, f"{ALL}/{draft}/signature", name)
    assert program.get(f"{ALL}/{draft}/agreement/copy").status_code == 200
    return draft


def settled(program: Client, desk: Client) -> str:
    """Somebody with whom something was unclear, and who brought a paper for it."""
    draft = completed(program, sick="yes", email=EMAIL, phone=PHONE)
    [concern] = program.get(f"{ALL}/{draft}/unclear").json()
    paper = brought(program, draft, photo(), name=SAID["file"], about=concern["id"]).json()
    answers = {"words": SAID["unclear"], "papers": [paper["id"]]}
    posted(program, f"{ALL}/{draft}/unclear/{concern['id']}/answers", answers, 201)
    application = Draft.objects.get(pk=draft).application
    at = f"/v1/applications/{application}/papers/{paper['id']}"
    assert desk.get(at).status_code == 200
    cases.follow_cases.func()
    ask = {
        "what": "question",
        "answer": "text",
        "question": {"en": SAID["asked"]},
        "why": {"en": SAID["why"]},
    }
    made = posted(desk, f"/v1/applications/{application}/asks", ask, 201)
    result = {"typed": {"": SAID["told"]}, "papers": [paper["id"]]}
    posted(program, f"{ALL}/{draft}/asks/{made['id']}/answers", result, 201)
    close = {"outcome": "cleared", "words": SAID["ours"]}
    posted(desk, f"/v1/concerns/{concern['id']}/close", close)
    return draft


def refused(program: Client, desk: Client) -> str:
    """Somebody who was declined, took the letter, asked for a second look, complained, had a fact
    corrected, and talks with a person."""
    draft = completed(program, email=EMAIL, phone=PHONE, dti=0.9)
    notices.make_notices.func()
    assert program.get(f"{ALL}/{draft}/letter").status_code == 200
    review = posted(program, f"{ALL}/{draft}/second-look", {"words": SAID["review"]}, 201)
    kept = {"outcome": "kept", "words": SAID["ours"]}
    posted(desk, f"/v1/reviews/{review['id']}/settle", kept)
    said = {"words": SAID["complaint"], "step": "decline"}
    posted(program, f"{ALL}/{draft}/complaints", said, 201)
    wrong = {"words": SAID["correction"], "field": "score"}
    posted(program, f"{ALL}/{draft}/corrections", wrong, 201)
    for each in desk.get("/v1/complaints").json()["items"]:
        answer = {"outcome": "upheld", "words": SAID["ours"]}
        posted(desk, f"/v1/complaints/{each['id']}/answer", answer)
    for turn in ({"question": SAID["question"]}, {"person": True}):
        posted(program, f"{ALL}/{draft}/conversation", turn)
    posted(desk, f"/v1/conversations/{draft}/replies", {"text": SAID["ours"]})
    return draft


def left_off(program: Client) -> str:
    """Somebody who sent nothing, and complained all the same."""
    draft: str = begun(program)["id"]
    posted(program, f"{ALL}/{draft}/answers", {"answers": {"on_sick_leave": SAID["typed"]}})
    posted(program, f"{ALL}/{draft}/contact", {"email": EMAIL})
    posted(program, f"{ALL}/{draft}/complaints", {"words": SAID["complaint"]}, 201)
    brought(program, draft, photo(), name=SAID["file"])
    posted(program, f"{ALL}/{draft}/conversation", {"question": SAID["question"]})
    return draft


def looked_for(those: Iterable[str], desk: Client) -> None:
    """They come back in another browser, a clerk asks for a code, and the desk searches."""
    for draft in those:
        reference = Draft.objects.get(pk=draft).reference
        known = {"reference": reference, "contact": EMAIL}
        browser = Client(headers={"accept": "text/html"})
        assert browser.post("/apply/open", known).status_code == 302
        asked = {"reference": reference, "channel": "telephone", "go": "send"}
        assert logged_in(person(Role.CLERK)).post("/help/open", asked).status_code == 200
        browser.cookies["draft"] = open_elsewhere(draft, Hands())
        posted(desk, "/v1/decisions/search", {"identifier": reference})
    posted(desk, "/v1/decisions/search", {"facts": {"phone": PHONE}})


def jobs_done() -> None:
    """All that waits on the queues, as a worker would."""
    for each in claim(SHORT, "worker", 200, timedelta(seconds=30)):
        run(each)
    work()


def erased(**known: Any) -> None:
    """Whoever is known by that, found and erased as an administrator would."""
    person = person_of(known.pop("identifier", None), known)
    done = services.go_on(services.begin(person, services.Reason.REQUEST, {"by": "user.1"}).id)
    assert done.state == State.DONE, done.waits


def columns() -> Iterator[tuple[str, str]]:
    """Every value that stands in the database, by its table and column, as a text."""
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        names = [field.attname for field in model._meta.concrete_fields]
        for row in model._base_manager.values_list(*names):
            for name, value in zip(names, row, strict=True):
                raw = isinstance(value, bytes | memoryview)
                yield f"{table}.{name}", bytes(value).decode("latin-1") if raw else str(value)


def naming(texts: Iterable[str]) -> set[str]:
    """The columns in which one of these stands, in whatever form."""
    wanted = {form for each in texts for form in forms(each)}
    return {where for where, value in columns() if any(form in value for form in wanted)}


def files_naming(folder: Path, texts: Iterable[str]) -> set[str]:
    """The files that hold one of these, or are called so."""
    wanted = {form.encode() for each in texts for form in forms(each)}
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        for held in [str(path.relative_to(folder)).encode()]
        if any(each in held or (path.is_file() and each in path.read_bytes()) for each in wanted)
    }


def test_nothing_says_who_they_were_or_what_they_said(folder: Path) -> None:
    program = front()
    desk = logged_in(person(Role.UNDERWRITER, branch="north"))
    sent = [signed(program), settled(program, desk), refused(program, desk)]
    everyone = [*sent, left_off(program)]
    looked_for(everyone, desk)
    jobs_done()
    known_as = [Draft.objects.get(pk=each).reference for each in everyone]
    held = json.dumps([program.get(f"{ALL}/{each}/data/export").json() for each in everyone])
    arrived = {name: json.dumps(text)[1:-1] in held for name, text in SAID.items()}
    assert arrived == dict.fromkeys(SAID, True)  # or what is looked for was never there
    rows = [*known_as, *(each.replace("-", "") for each in known_as)]
    assert naming(rows) == {"drafts_draft.reference", "complaints_complaint.reference"}
    assert naming([EMAIL, PHONE, *SAID.values()]) == set()

    erased(phone=PHONE)
    erased(identifier=known_as[-1])
    assert naming([*rows, EMAIL, PHONE, *SAID.values()]) == set()
    (folder / "lender.yaml").unlink()  # the lender's own words
    assert files_naming(folder, [*rows, EMAIL, PHONE, *SAID.values()]) == set()
    assert naming(everyone) - KEPT == set()
    assert RULE in HOW_TO.read_text(encoding="utf-8")
    assert not list((folder / "service" / "papers").glob("paper-*"))
    for each in everyone:
        assert program.get(f"{ALL}/{each}/data").status_code in (404, 410)
    assert desk.get("/v1/conversations").json() == []
    assert verify_record().valid
    assert [each for each in verify_rows().differences if "accounts" not in each.table] == []


def test_whoever_deletes_a_draft_leaves_no_more(folder: Path) -> None:
    program = front()
    draft = left_off(program)
    reference = Draft.objects.get(pk=draft).reference
    assert program.delete(f"{ALL}/{draft}").status_code == 204
    for each in (drafts.forget_drafts, complaints.forget_complaints, papers.forget_papers,
                 conversations.forget_conversations, messages.forget_messages):  # fmt: skip
        each.call()
    assert naming([reference, EMAIL, *SAID.values()]) == set()
    assert naming([draft]) - KEPT == set()
