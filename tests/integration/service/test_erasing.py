"""A person is erased: found by whatever they are known by, gone from every file, and proved so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lender import RISKY, anew, ask, facts, publish, shop
from own_folder import own_folder
from people import logged_in, person, send, with_key
from test_batches import SCOPES as BATCH_SCOPES
from test_batches import as_file, people, post, work
from test_lists import lender_with_phones

from equipoise.service.contexts.batches.files import Files
from equipoise.service.contexts.drafts import tasks
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.contexts.erasing import (
    carrying,
    needles,
    reading,
    register,
    scanning,
    services,
)
from equipoise.service.contexts.erasing.models import Erasure, State
from equipoise.service.contexts.erasing.people import Person, person_of
from equipoise.service.contexts.erasing.scanning import scan
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects
from equipoise.service.platform.record.models import Event
from equipoise.service.platform.record.proving import verify_record

WHO, PHONE = "PERSON-47110815", "+31 6 9481 7733"
BY = {"by": "user.1"}


@pytest.fixture
def lender(database: Any, tmp_path: Path) -> Iterator[Any]:
    """A lender whose folder is the test's own, as everything in it is looked through."""
    with own_folder(tmp_path), anew():
        publish(raw=lender_with_phones())
        yield shop()


def known(client: Any, who: str = WHO, **more: Any) -> Any:
    return ask(client, facts(application_id=who, **more)).json()


def erased(identifier: str | None = WHO, **known_by: str) -> reading.Progress:
    """Begun and carried out, as a worker would."""
    begun = services.begin(person_of(identifier, known_by), services.Reason.REQUEST, BY)
    return services.go_on(begun.id)


def test_nothing_of_an_erased_person_stands_in_any_file(lender: Any, database: Any) -> None:
    made = [known(lender, phone=PHONE, **more) for more in ({}, RISKY)]
    for at in range(40):  # so that pages of the index were split, and hold copies
        known(lender, f"OTHER-{at}", phone=f"0{at}")
    send(lender, "POST", f"/v1/decisions/{made[0]['id']}/outcome",
         {"outcome": "booked", "on": date.today().isoformat(), "amount": 7302.91})  # fmt: skip
    assert made[0]["offers"]
    wanted = person_of(WHO, {"phone": PHONE})
    traces = needles.Needles(tuple(subjects.traces(subjects.found_by(wanted.digests()))), wanted)
    assert len(traces.raw) >= 3
    if database.vendor == "sqlite":
        assert scan(traces).holding  # it is seen where it stands
    done = erased()
    assert done.state == State.DONE, done.waits
    assert not scan(traces).holding
    for each in made:
        where = f"/v1/decisions/{each['id']}"
        left = lender.get(where).json()
        assert left["outcome"] == each["outcome"]
        assert left["offers"] == (None if each["offers"] else [])
        for path in ("/explanation", "/recourse", "/explanation?for=auditor"):
            assert lender.get(where + path).status_code == 410
    assert verify_record().valid
    body = b"".join(bytes(each) for each in Event.objects.values_list("body", flat=True))
    for value in (b"7302.91", b"8000.0", b"5600.0", WHO.encode()):
        assert value not in body
    assert [e.kind for e in record.entries(done.id)] == ["erasure.begun", "erasure.done"]


@pytest.mark.parametrize("shift", range(12))
def test_what_stands_across_two_pieces_of_a_file_is_seen(
    shift: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "_PIECE", 8)
    wanted = needles.Needles((b"\x00\x01\x02",), Person(None, {}, ("secret",)))
    file = tmp_path / "file"
    for text, seen in ((b'"secret"', True), (b"0secret1", False), (b"secrets", False),
                       (b"x\x00\x01\x02x", True), (b"x\x00\x01x", False)):  # fmt: skip
        file.write_bytes(b"-" * shift + text + b"-" * (12 - shift))
        assert scanning.holds(file, wanted) is seen, text
    for text in (b"secret", b",secret", b"secret,"):
        file.write_bytes(text)
        assert scanning.holds(file, wanted)


def test_a_person_is_found_by_any_of_what_they_are_known_by(lender: Any) -> None:
    by_phone = known(lender, "A-100001", phone=PHONE)["application"]
    known(lender, "A-100002", phone="other")
    result = reading.plan_for(person_of(None, {"phone": "+31 6 94 81 77 33"}))
    assert result.decisions == 1
    assert reading.plan_for(person_of("A-100002", {"phone": PHONE})).decisions == 2
    known(lender, "A-100003", phone=PHONE)
    assert reading.plan_for(person_of("A-100001", {})).others == 1
    assert by_phone


def test_who_shares_a_value_with_them_stays_and_is_still_found(lender: Any) -> None:
    known(lender, phone=PHONE)
    stays = known(lender, "OTHER-471109", phone=PHONE)
    done = erased()
    assert done.state == State.DONE, done.waits
    assert len(done.applications) == 1
    assert reading.plan_for(person_of(None, {"phone": PHONE})).applications == [
        stays["application"]
    ]


def test_batches_that_hold_the_person_lose_their_files_and_no_others(lender: Any) -> None:
    program = with_key(person(Role.ADMINISTRATOR), *BATCH_SCOPES, rate=1e4, burst=10_000)[0]
    held, free = {}, {}
    for kind in ("csv", "parquet", "jsonl"):
        import polars as pl

        table = people(3).with_columns(phone=pl.lit("1"))
        ids = pl.Series(["B-1", WHO, "B-3"])
        held[kind] = post(program, as_file(table.with_columns(application_id=ids), kind), kind)
        free[kind] = post(program, as_file(table, kind), kind)
    for each in (*held.values(), *free.values()):
        assert each.status_code == 202, each.content
    waiting = services.begin(person_of(WHO, {}), services.Reason.REQUEST, BY)
    assert services.go_on(waiting.id).state == State.RUNNING  # they are still to be decided
    work()
    assert services.go_on(waiting.id).state == State.DONE
    for each in held.values():
        assert not Files(each.json()["id"]).folder.exists()
    for each in free.values():
        assert Files(each.json()["id"]).folder.exists()


def test_it_goes_on_where_it_was_cut_off(lender: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    known(lender)
    begun = services.begin(person_of(WHO, {}), services.Reason.REQUEST, BY)
    for place in ("_remove_files", "_proved", "_end"):
        with monkeypatch.context() as patched:

            def cut(*_: object) -> None:
                raise KeyboardInterrupt

            patched.setattr(carrying, place, cut)
            with pytest.raises(KeyboardInterrupt):
                services.go_on(begun.id)
        assert Erasure.objects.get(pk=begun.id).state == State.RUNNING
    assert carrying.carry_on_all() == 0
    assert Erasure.objects.get(pk=begun.id).state == State.DONE
    assert len(Event.objects.filter(kind="subject.erased")) == 1
    assert needles.set_aside() == []


def test_a_key_that_was_left_behind_goes(lender: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    known(lender)
    with monkeypatch.context() as patched:
        patched.setattr(needles, "forget", lambda _: None)
        erased()
    assert len(needles.set_aside()) == 1
    assert carrying.carry_on_all() == 0
    assert len(needles.set_aside()) == 1  # it may be about to begin
    monkeypatch.setattr(carrying, "_STRAY", 0.0)
    carrying.carry_on_all()
    assert needles.set_aside() == []


def test_what_a_file_of_ours_still_holds_keeps_it_from_being_done(lender: Any) -> None:
    known(lender)
    begun = services.begin(person_of(WHO, {}), services.Reason.REQUEST, BY)
    rest = register.register_file().parent / "tmp-rest"
    rest.write_text(f"name,{WHO},x")
    now = services.go_on(begun.id)
    assert now.state == State.RUNNING
    assert "tmp-rest" in now.waits[0]
    rest.unlink()
    assert services.go_on(begun.id).state == State.DONE


def test_the_register_erases_again_after_a_restore(lender: Any) -> None:
    known(lender)
    (subject,) = subjects.found_by(person_of(WHO, {}).digests())
    copy = register.register_file().with_name("copy.jsonl")
    copy.write_text(json.dumps({"subject": subject, "at": "2026-01-01"}) + "\n")
    assert services.erase_again(copy) == {"named": 1, "erased": 1}
    assert not subjects.readable([subject])
    assert subject in register.read(register.register_file())
    assert WHO not in register.register_file().read_text()


def test_a_retry_after_an_erasure_decides_nothing(lender: Any) -> None:
    given = facts(application_id=WHO)
    assert ask(lender, given, "same-key").status_code == 201
    erased()
    assert ask(lender, given, "same-key").status_code == 422


def test_an_administrator_erases_over_http_and_nobody_else(lender: Any) -> None:
    known(lender)
    admin = logged_in(person(Role.ADMINISTRATOR))
    sent = {"identifier": WHO}
    answer = send(admin, "POST", "/v1/erasures/preview", sent).json()
    assert (len(answer["applications"]), answer["decisions"]) == (1, 1)
    assert answer["remarks"]
    assert not Erasure.objects.exists()
    assert send(lender, "POST", "/v1/erasures/preview", sent).status_code == 403
    assert send(admin, "POST", "/v1/erasures", {**sent, "reason": "x"}).status_code == 422
    begun = send(admin, "POST", "/v1/erasures", {**sent, "reason": "request"})
    assert begun.status_code == 202
    work()
    done = admin.get(f"/v1/erasures/{begun.json()['id']}").json()
    assert done["state"] == "done", done
    nobody = send(admin, "POST", "/v1/erasures", {**sent, "reason": "request"})
    assert nobody.status_code == 409
    assert WHO not in json.dumps(admin.get("/v1/erasures").json())


def test_an_administrator_erases_on_the_page(lender: Any) -> None:
    known(lender, phone=PHONE)
    admin = logged_in(person(Role.ADMINISTRATOR))
    assert "Erase a person" in admin.get("/").content.decode()
    assert 'name="fact.phone"' in admin.get("/erasures/").content.decode()
    shown = admin.post("/erasures/preview", {"identifier": WHO, "fact.phone": ""})
    assert "Nothing brings it back" in shown.content.decode()
    unsure = admin.post("/erasures/begin", {"identifier": WHO, "reason": "request"})
    assert unsure["Location"] == "/erasures/"
    sure = {"identifier": WHO, "reason": "request", "sure": "yes"}
    begun = admin.post("/erasures/begin", sure)
    work()
    text = admin.get(begun["Location"]).content.decode()
    assert "nothing of it stands in them" in text
    assert WHO not in text


def test_the_service_opens_what_is_sealed_in_one_place() -> None:
    """Whoever opens elsewhere passes the one rule by; what a message says is opened to be sent."""
    import equipoise.service

    root = Path(next(iter(equipoise.service.__path__)))
    allowed = {
        "platform/record/subjects.py",
        "platform/messages/contents.py",
        "contexts/decisions/opening.py",
    }
    for path in root.rglob("*.py"):
        if str(path.relative_to(root)) not in allowed:
            assert "open_sealed" not in path.read_text(), path


def test_what_was_written_to_an_erased_person_stands_in_no_file(lender: Any, database: Any) -> None:
    from outgoing import ADA, configured, sent_to

    from equipoise.service.platform.messages.models import Message
    from equipoise.service.platform.messages.services import traces

    written = known(lender)["application"]
    other = known(lender, "OTHER-471109")["application"]
    with configured(25):
        for chain in (written, other, written):
            sent_to(chain)
    wanted = needles.Needles(tuple(traces([written])), Person(None, {}, (ADA,)))
    assert len(wanted.raw) == 2
    if database.vendor == "sqlite":
        assert scan(wanted).holding
    assert erased().state == State.DONE
    assert not scan(wanted).holding
    columns = ("sealed", "contact", "language", "state")
    assert {*Message.objects.filter(subject=written).values_list(*columns)} == {
        ("", "", "", "failed")
    }
    [left] = Message.objects.filter(subject=other)
    assert left.sealed
    assert left.language == "en"
    assert left.state == "queued"


def test_nobody_can_be_led_to_from_the_draft_of_an_erased_person(lender: Any) -> None:
    from applying import Applicant, sealed_asking

    publish(raw=sealed_asking(name="asking", languages=["en", "zh"]))
    ada, other = Applicant().begin("asking"), Applicant().begin("asking")
    for each in (ada, other):
        each.client.post(f"{each.home}language", {"language": "zh", "page": "apply-tasks"})
    known_as = Draft.objects.get(pk=ada.draft).reference
    assert erased(known_as).state == State.DONE
    row, kept = (Draft.objects.get(pk=each.draft) for each in (ada, other))
    assert row.language == ""
    assert row.reference
    assert row.reference != known_as
    assert not Draft.objects.filter(reference=known_as).exists()
    assert kept.language == "zh"
    body = b"".join(bytes(each) for each in Event.objects.values_list("body", flat=True))
    assert known_as.encode() not in body
    assert verify_record().valid


def test_what_a_person_deleted_keeps_no_language_either(lender: Any) -> None:
    from applying import Applicant, sealed_asking

    publish(raw=sealed_asking(name="asking", languages=["en", "zh"]))
    ada = Applicant().begin("asking")
    known_as = Draft.objects.get(pk=ada.draft).reference
    ada.post("delete")
    tasks.forget_drafts.call()
    row = Draft.objects.get(pk=ada.draft)
    assert (row.state, row.language) == ("ended", "")
    assert row.reference != known_as
