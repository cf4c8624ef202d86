"""A whole service is rehearsed, and one in which nobody is real stays on this machine."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from applying import Applicant, asking_contract, sealed_asking, sealed_corner, sealed_garden
from authenticator import code_at
from corner_lender import STRATEGY
from django.conf import settings
from django.db import transaction
from first_lender import TOLD, first_lender
from lender import AUTHORITY, publish
from letter_lender import BANK, WITH_AGENCY
from people import PASSWORD, person
from processes import command, environment, workspace

from equipoise.errors import BadInput
from equipoise.experience.calendar import WEEKDAYS
from equipoise.service.commands.demo import demo_people
from equipoise.service.commands.listening import stay_here
from equipoise.service.commands.seating import authorised
from equipoise.service.commands.two_people import (
    APPROVER,
    AUTHOR,
    invite,
    named,
    newest_of_each,
    publish_all,
)
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.drafts.reading import products
from equipoise.service.contexts.drafts.simulated import lay_down, simulated
from equipoise.service.contexts.officers.appointments import listed
from equipoise.service.contexts.registry.models import Publication
from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.accounts.services import make_user
from equipoise.service.platform.messages.services import transport
from equipoise.service.platform.record import nature as natures
from equipoise.service.platform.record.nature import Nature, begin_as, nature
from equipoise.service.platform.record.reading import first

ROUND_THE_CLOCK = {
    "levels": [{"name": "junior", "hours_per_day": 24, "minutes_per_case": 90}],
    "matrix": [{"up_to": 2_000, "level": "system"}, {"level": "junior"}],
    "overrides": AUTHORITY["overrides"],
    "calendar": {"hours": dict.fromkeys(WEEKDAYS, "00:00-24:00")},
}
"""Who is always open, and leaves nearly everything to a person."""
REFERENCE, LAID_DOWN = "7KQ2-M4XZ", "9KQ2-M4XZ"


def rehearsed(
    folder: Path, *arguments: object, command: str = "rehearse"
) -> tuple[int, dict[str, Any]]:
    """`equipoise rehearse` in a process; a database of the lender's own must not be touched."""
    given = {**environment(""), "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    program = [sys.executable, "-m", "equipoise", command, str(folder), "--json"]
    done = subprocess.run(
        [*program, *map(str, arguments)], env=given, capture_output=True, text=True, check=False
    )
    assert done.stdout, done.stderr
    report = json.loads(done.stdout)
    sys.stdout.write(json.dumps({**report, "times": []}, indent=1))  # whole, where a test fails
    return done.returncode, report


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a lender with two strategies, who leaves what is large to people."""
    folder = workspace(
        tmp_path_factory.mktemp("rehearsed") / "lender", sealed_asking(authority=AUTHORITY)
    )
    second = sealed_asking(name="second", authority=AUTHORITY)
    (folder / "sealed" / "second.json").write_bytes(second)
    return folder


@pytest.fixture(scope="module")
def report(rehearsal: Path) -> dict[str, Any]:
    """What is told of ten applicants there, two at a time, and of four who decide."""
    asked = ("--applicants", 10, "--seed", 5, "--at-once", 2, "--underwriters", 4)
    code, printed = rehearsed(rehearsal, *asked)
    assert (code, printed["passed"]) == (0, True), printed
    return printed


@pytest.fixture
def begun(database: Any) -> Iterator[Any]:
    """Makes the test's service one of a nature."""

    def begin(nature: Nature) -> None:
        with transaction.atomic():
            begin_as(nature)

    natures.forget()
    yield begin
    natures.forget()


def test_a_rehearsed_lender_has_everybody_in_a_state_and_one_funnel(
    report: dict[str, Any], rehearsal: Path
) -> None:
    assert sum(report["states"].values()) == report["applicants"] == 10
    assert report["stuck"] == report["differences"] == report["record"]["faults"] == []
    known = {each["step"]: each["known"] for each in report["funnel"]}
    assert known["begun"] == 10
    assert 0 < known["sent"] <= known["answered amount"] <= 10
    assert all(each["known"] == each["recorded"] for each in report["funnel"])
    assert report["replay"]["decisions"] >= known["sent"]
    assert report["times"][0]["page"] == "all"
    assert report["notes"] == ["nobody is written letters: there is no lender.yaml"]
    assert sorted(path.name for path in rehearsal.iterdir()) == ["sealed"], "the lender's own"


@pytest.mark.parametrize(
    ("people", "kills"),
    [pytest.param(2, 2, id="short"), pytest.param(12, 20, id="often", marks=pytest.mark.slow)],
)
def test_a_server_killed_at_every_page_loses_nothing_typed_and_sends_nothing_twice(
    tmp_path: Path, people: int, kills: int
) -> None:
    folder = workspace(tmp_path / "lender", sealed_asking())
    code, report = rehearsed(folder, "--applicants", people, "--kills", kills, "--seed", 3)
    assert (code, report["passed"]) == (0, True), report
    assert report["kills"] == kills
    assert report["sent_twice"] == report["stuck"] == report["differences"] == []


@pytest.mark.slow
def test_at_a_fast_clock_days_pass_and_everything_that_has_days_is_seen(tmp_path: Path) -> None:
    """Five weeks at the fastest: answers of people at their desk, drafts that are over after a
    warning, and who left off is asked once."""
    folder = workspace(tmp_path / "lender", sealed_corner(authority=AUTHORITY))
    (folder / "sealed" / "garden.json").write_bytes(sealed_garden())
    (folder / "lender.yaml").write_text(WITH_AGENCY, encoding="utf-8")
    asked = ("--applicants", 40, "--seed", 5, "--speed", 20_000, "--keep", tmp_path / "kept")
    code, report = rehearsed(folder, *asked, "--jurisdiction", "US")
    assert (code, report["passed"], report["speed"]) == (0, True, 20_000), report
    known = {each["step"]: each["known"] for each in report["funnel"]}
    assert all(each["known"] == each["recorded"] for each in report["funnel"])
    for step in ("ended: expired", "moved to another loan", "paper brought", "complained"):
        assert known.get(step), f"nobody of forty: {step}"
    letters = {each["kind"]: each for each in report["letters"]}
    assert letters["decline"]["written"] == letters["decline"]["owed"] > 0
    assert all(each["late"] == each["lacking"] == 0 for each in letters.values())
    assert known["letter taken"] >= 1
    said = ("a person's answer", "told that an answer is late")  # chance says which of the two
    assert any(step.startswith(said) for step in known)


def test_nobody_kills_a_server_while_days_pass(tmp_path: Path) -> None:
    folder = workspace(tmp_path / "lender", sealed_asking())
    code, said = rehearsed(folder, "--kills", 2, "--speed", 600)
    assert (code, "rehearse twice" in json.dumps(said)) == (2, True)


@pytest.mark.slow
def test_who_writes_letters_is_taken_along(tmp_path: Path) -> None:
    folder = workspace(tmp_path / "lender", sealed_asking())
    (folder / "lender.yaml").write_text(BANK, encoding="utf-8")
    asked = ("--applicants", 2, "--seed", 5, "--jurisdiction", "US", "--keep", tmp_path / "kept")
    code, report = rehearsed(folder, *asked)
    assert (code, report["record"]["faults"]) == (0, []), report
    assert (tmp_path / "kept" / "lender.yaml").read_text(encoding="utf-8") == BANK


def test_a_law_that_is_none_is_told_before_anybody_applies(tmp_path: Path) -> None:
    folder = workspace(tmp_path / "lender", sealed_asking())
    code, said = rehearsed(folder, "--applicants", 2, "--jurisdiction", "Atlantis")
    assert (code, "EQUIPOISE_JURISDICTION" in json.dumps(said)) == (2, True)


def test_who_sits_at_the_desk_has_authority_over_every_strategy_that_knows_their_level(
    begun: Any,
) -> None:
    begun(Nature.REHEARSAL)
    make_user("admin", PASSWORD, Role.ADMINISTRATOR, "system.bootstrap")
    person(Role.APPROVER, APPROVER)
    small = {"levels": [{"name": "junior"}], "matrix": [{"level": "junior"}],
             "overrides": {"level": "junior", "reasons": {"SUN": "b", "PAPERS": "a"}}}  # fmt: skip
    silent = {key: value for key, value in small.items() if key != "overrides"}
    uma = person(Role.UNDERWRITER, "uma").username
    assert authorised(uma) == {}
    publish(raw=sealed_asking(authority=AUTHORITY))
    publish(raw=sealed_asking(name="garden", authority=silent))
    assert authorised(uma) == {"corner": "INCOME"}
    (senior,) = listed()
    assert senior.level == "senior"
    publish(raw=sealed_asking(name="house", authority=small))
    assert authorised(uma) == {"corner": "INCOME", "house": "PAPERS"}
    (junior,) = listed()
    assert junior.level == "junior"


def test_underwriters_decide_at_the_real_desks_and_know_what_the_record_says(
    report: dict[str, Any],
) -> None:
    desk = report["casework"]
    assert (desk["disagreements"], desk["faults"], desk["trouble"]) == ([], [], [])
    acts = {each["act"]: each for each in desk["acts"]}
    assert all(each["known"] == each["recorded"] for each in acts.values())
    assert acts["decided"]["known"] > 0
    assert acts["signed"]["known"] > 0, "what is large wants two signatures"
    assert desk["people"] == 4
    assert desk["kept"] == desk["cases"] == acts["decided"]["known"]
    known = {each["step"]: each["known"] for each in report["funnel"]}
    answered = sum(n for step, n in known.items() if step.startswith("answer by a person"))
    assert answered == acts["decided"]["known"], "each of them read it"


@pytest.mark.slow
def test_a_server_killed_under_the_underwriters_loses_nothing_and_tells_nothing_twice(
    tmp_path: Path,
) -> None:
    folder = workspace(tmp_path / "lender", sealed_asking(authority=AUTHORITY))
    asked = ("--applicants", 6, "--seed", 5, "--underwriters", 3, "--kills", 12)
    code, report = rehearsed(folder, *asked)
    assert (code, report["passed"]) == (0, True), report
    desk = report["casework"]
    assert (desk["disagreements"], desk["faults"], desk["trouble"]) == ([], [], [])
    assert report["kills"] > 6, "half of them are kept for the desk"
    assert desk["cases"] == desk["answers"] > 0


@pytest.mark.slow
def test_promises_are_broken_visibly_where_fewer_decide_than_are_planned(tmp_path: Path) -> None:
    """Nearly all are left to a person, who needs an hour and a half; an hour lasts six seconds. A
    slow machine breaks more of them: whether the planned staff keep theirs is measured, no test."""
    folder = workspace(tmp_path / "lender", sealed_asking(authority=ROUND_THE_CLOCK))
    picture = tmp_path / "desk.svg"
    asked = ("--applicants", 36, "--seed", 5, "--speed", 600, "--over", 4, "--at-once", 8)
    _, report = rehearsed(folder, *asked, "--underwriters", "planned-9", "--picture", picture)
    desk = report["casework"]
    assert (desk["disagreements"], desk["faults"], desk["trouble"]) == ([], [], [])
    assert desk["people"] == 1 < desk["planned"]
    assert desk["kept_high"] < desk["target"] == 0.9
    assert desk["most_overdue"] > 0
    assert "cases that wait" in picture.read_text(encoding="utf-8")


def test_a_number_of_underwriters_that_is_none_is_told_before_anybody_applies(
    tmp_path: Path,
) -> None:
    folder = workspace(tmp_path / "lender", sealed_asking(authority=AUTHORITY))
    code, said = rehearsed(folder, "--applicants", 2, "--underwriters", "plenty")
    assert (code, "planned-2" in json.dumps(said)) == (2, True)
    code, said = rehearsed(folder, "--underwriters", 2, "--speed", 20_000)
    assert (code, "--speed" in json.dumps(said)) == (2, True)


@pytest.mark.slow
def test_some_of_them_sit_before_a_real_browser(tmp_path: Path) -> None:
    folder = workspace(tmp_path / "lender", sealed_asking())
    code, report = rehearsed(folder, "--applicants", 6, "--browser", 3)
    assert (code, report["passed"], report["in_browsers"]) == (0, True, 3), report


def test_a_demonstration_has_log_ins_and_answers_on_this_machine_alone(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = first_lender(tmp_path_factory)
    made = json.loads((folder / TOLD).read_text())
    assert made["rehearsal"]["passed"] is True, made
    assert {"watch.yaml", "plans.yaml", "tape.yaml"} <= {each.name for each in folder.iterdir()}
    kept = folder / "service" / "demo-people.json"
    assert json.loads(kept.read_text()) == made["people"]
    assert kept.stat().st_mode & 0o077 == 0
    code, refused = command("serve", folder, "--host", "0.0.0.0", "--port", "0")  # noqa: S104
    assert (code, "made as a demo" in json.dumps(refused)) == (2, True), refused
    code, said = rehearsed(folder, "--applicants", 3, command="demo")
    assert (code, "has a service already" in json.dumps(said)) == (2, True)


def test_people_of_a_demonstration_have_every_role_and_get_in(begun: Any) -> None:
    begun(Nature.DEMO)
    make_user("admin", PASSWORD, Role.ADMINISTRATOR, "system.bootstrap")
    people = list(demo_people(PASSWORD))
    assert {each.role for each in people} == {*Role} - {Role.NONE, Role.API_CLIENT}
    for each in people:
        user = User.objects.get(username=each.name)
        assert (user.role, user.check_password(each.password)) == (each.role, True)
        factors = {row.type: row.wrap() for row in Authenticator.objects.filter(user=user)}
        assert [factors["recovery_codes"].validate_code(each.codes[0]) for _ in "12"] == [
            True,
            False,
        ]
        assert factors["totp"].validate_code(code_at(each.factor, time.time()))


def test_nobody_else_knows_how_people_log_in_to_a_lenders_own_service(begun: Any) -> None:
    publish(raw=sealed_asking())
    with pytest.raises(ValueError, match="own service"):
        list(demo_people(PASSWORD))


def test_the_newest_of_each_strategy_is_put_in_force_by_two_people(
    begun: Any, tmp_path: Path
) -> None:
    begun(Nature.REHEARSAL)
    files = []
    for name, raw in (
        ("old", sealed_asking()),
        ("other", sealed_asking(name="other")),
        ("new", sealed_asking(version=2)),
    ):
        files.append(tmp_path / f"{name}.json")
        files[-1].write_bytes(raw)
    newest = newest_of_each(files)
    assert {name: file.stem for name, file in newest.items()} == {"corner": "new", "other": "other"}
    for name, role in ((AUTHOR, Role.ANALYST), (APPROVER, Role.APPROVER)):
        invite(name, role, PASSWORD)
    publish_all([*newest.values()])
    assert {each.name for each in products()} == {"corner", "other"}
    author, approver = (f"user.{named(each).pk}" for each in (AUTHOR, APPROVER))
    assert {(*each.version.authors, each.by) for each in Publication.objects.all()} == {
        (author, approver)
    }


def test_a_lender_with_nothing_sealed_is_told_what_to_do(tmp_path: Path) -> None:
    code, said = rehearsed(tmp_path)
    assert code == 2
    assert "equipoise strategy seal" in json.dumps(said)


def test_what_a_service_is_stands_in_its_first_entry(begun: Any) -> None:
    assert nature() is Nature.REAL
    begun(Nature.DEMO)
    publish(raw=sealed_asking())
    assert nature() is Nature.DEMO
    entry = first()
    assert entry is not None
    assert (entry.chain, entry.index, entry.kind) == ("service", 0, "service.begun")
    with pytest.raises(ValueError, match="before anything else"), transaction.atomic():
        begin_as(Nature.REHEARSAL)


def test_a_lenders_own_service_cannot_become_another(begun: Any) -> None:
    publish(raw=sealed_asking())
    with pytest.raises(ValueError, match="before anything else"), transaction.atomic():
        begin_as(Nature.DEMO)
    assert nature() is Nature.REAL


@pytest.mark.parametrize(
    ("kind", "english", "chinese"),
    [
        (Nature.DEMO, "This is a demonstration.", "这是演示系统。"),
        (Nature.REHEARSAL, "This is a rehearsal.", "这是演练系统。"),
    ],
)
def test_every_page_says_what_the_service_is(
    begun: Any, kind: Nature, english: str, chinese: str
) -> None:
    begun(kind)
    publish(raw=sealed_asking())
    ada = Applicant().begin()
    for page in ("", "contact", "q/amount", "check", "data", "ask"):
        assert english in ada.text(page)
    assert english in ada.client.get("/accounts/login/").content.decode()
    ada.post("contact", go="language-zh")
    assert chinese in ada.text("check")


def test_a_lenders_own_pages_say_nothing_of_it(begun: Any) -> None:
    publish(raw=sealed_asking())
    ada = Applicant().begin()
    for page in ("", "check"):
        assert "demonstration" not in ada.text(page)
    assert "Nobody in it is real" not in ada.client.get("/accounts/login/").content.decode()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "example.com", "::"])  # noqa: S104
def test_where_nobody_is_real_the_service_answers_on_this_machine_alone(
    begun: Any, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = {
        each: getattr(settings.CONFIGURATION, each) for each in settings.CONFIGURATION.__slots__
    }
    local = type(settings.CONFIGURATION)(**{**here, "hosts": ("localhost", "127.0.0.1", "[::1]")})
    monkeypatch.setattr(settings, "CONFIGURATION", local)
    stay_here(host)  # a lender's own goes anywhere
    begun(Nature.REHEARSAL)
    for home in ("127.0.0.1", "::1", "localhost"):
        stay_here(home)
    with pytest.raises(BadInput, match="rehearsal"):
        stay_here(host)
    named = type(settings.CONFIGURATION)(**{**here, "hosts": ("localhost", "apply.example.com")})
    monkeypatch.setattr(settings, "CONFIGURATION", named)
    with pytest.raises(BadInput, match=r"apply\.example\.com"):
        stay_here("127.0.0.1")


def test_where_nobody_is_real_no_message_leaves(
    begun: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = {
        each: getattr(settings.CONFIGURATION, each) for each in settings.CONFIGURATION.__slots__
    }
    sends = {**here, "messages": "send", "mail_url": "smtp://127.0.0.1:25"}
    monkeypatch.setattr(settings, "CONFIGURATION", type(settings.CONFIGURATION)(**sends))
    real = transport()
    assert real is not None
    assert not real.keeps
    begun(Nature.DEMO)
    kept = transport()
    assert kept is not None
    assert kept.keeps


def test_a_bureau_that_is_made_up_answers_only_where_nobody_is_real(begun: Any) -> None:
    contract = asking_contract()
    known = {str(contract.id): REFERENCE}
    assert simulated(contract, "corner", known) == {}
    begun(Nature.DEMO)
    made_up = simulated(contract, "corner", known)
    assert made_up["score_date"] == date.today().isoformat()
    assert made_up == simulated(contract, "corner", known)
    lay_down(LAID_DOWN, {"score": 640.0})
    laid_down = simulated(contract, "corner", {str(contract.id): LAID_DOWN})
    assert laid_down == {"score": 640.0}


def test_a_person_in_a_demo_is_decided_by_what_the_made_up_bureau_says(begun: Any) -> None:
    begun(Nature.DEMO)
    publish(raw=sealed_asking(texts=STRATEGY["texts"]))
    ada = Applicant().begin().fill()
    assert ada.send().status_code == 302
    assert Decision.objects.count() == 1
    assert ada.get("progress").status_code == 200
