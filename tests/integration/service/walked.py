"""The servers of a lender through whose pages people walk (`walks.py`), and all walks on them."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import walks
from authenticator import code
from processes import CLI, Server, environment
from walks import LogIn, Look, Walk

LAW = {"EQUIPOISE_JURISDICTION": "EU"}
SHUT = {"EQUIPOISE_MESSAGES": "send", "EQUIPOISE_APPLY_REQUESTS": "1"}
NATURES = {"demo": "branch", "rehearsal": "telephone"}  # and over which channel a clerk helps there
SCANNED = {"EQUIPOISE_CLAMD": "127.0.0.1:9"}  # where no scanner is: what is brought stays held
BANK = """\
name:
  en: The Savings and Loan Bank of Balance upon Equipoise and Surrounding Counties
  zh: 均衡储蓄贷款银行股份有限公司
address:
  en: [100 Balance Street]
  zh: [世纪大道 100 号]
"""
_SEALED = {
    "checking": walks.sealed_checking,
    "documents": walks.sealed_asking_documents,
    "held": walks.sealed_asking_documents,
}
_MANY = 30  # requests: a process takes them by the handful
_BEGUN = """
import json, sys
from dataclasses import asdict
from pathlib import Path
from equipoise.service.commands.demo import demo_people
from equipoise.service.commands.rehearsal import begin_service
from equipoise.service.commands.two_people import publish_all

folder, nature = Path(sys.argv[1]), sys.argv[2]
begun = begin_service(folder, nature)
people = {each.name: asdict(each) for each in demo_people(begun.first.password)}
publish_all(sorted((folder / "sealed").iterdir()))
print(json.dumps(people))
"""
_READY = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "equipoise.service.project.settings"
import django
django.setup()
from equipoise.service.platform.custody.fitting import use_kept_secrets
use_kept_secrets()
"""
# What a worker does every five minutes, at once.
_ASK = f"""{_READY}
from equipoise.service.contexts.feedback.tasks import ask_how_it_went
ask_how_it_went.func()
"""
# And every minute: the letters that are owed.
_WRITE = f"""{_READY}
from equipoise.service.contexts.notices.tasks import make_notices
assert make_notices.func() > 0
"""
# The link below a message that can be stopped.
_LINK = f"""{_READY}
from equipoise.service.platform.messages.models import Message
from equipoise.service.platform.messages.tokens import STOP_PATH, token
print(f"/{{STOP_PATH}}{{token(Message.objects.filter(purpose='progress')[0].id)}}")
"""
Opened = Callable[[], AbstractContextManager[Any]]
"""Opens a page in a browser of its own."""


class Lender:
    """Servers of the lender, each started when the first person comes to it."""

    def __init__(self, place: Path, program: str = CLI) -> None:
        self._place, self._program = place, program
        self._servers: dict[str, Server] = {}
        self._people: dict[str, Any] = {}

    def server(self, name: str = "lender", settings: Mapping[str, str] = LAW) -> Server:
        """The server of that name."""
        if name not in self._servers:
            folder = self._place / name
            (folder / "sealed").mkdir(parents=True)
            for number, each in enumerate(_SEALED.get(name, walks.sealed_products)()):
                (folder / "sealed" / f"{number}.json").write_bytes(each)
            (folder / "lender.yaml").write_text(BANK, encoding="utf-8")
            if name in NATURES:
                self._people[name] = json.loads(_run(folder, "", _BEGUN, str(folder), name))
            made = Server(folder, program=self._program, background=False, more=dict(settings))
            self._servers[name] = made.start()
        return self._servers[name]

    def clerk(self, name: str) -> LogIn:
        """How the clerk logs in there this time."""
        result = self._people[name]["cleo"]
        codes = result["codes"]
        return LogIn(
            result["name"], result["password"], codes.pop() if codes else code(result["factor"])
        )

    def stop(self) -> None:
        """Stop whatever runs."""
        for each in self._servers.values():
            each.stop()


@dataclass(frozen=True)
class Tour:
    """What a way is walked with: a lender, browsers, and what is done on each page."""

    lender: Lender
    opened: Opened
    look: Look
    scripts: bool = True

    def walk(self, page: Any, server: Server) -> Walk:
        """Somebody before an open page of that server's."""
        return Walk(page, server.said["url"].rstrip("/"), self.look, self.scripts)


def _alone(way: Callable[[Walk], None], server: str = "lender") -> Callable[[Tour], None]:
    """A way that one person goes by themselves."""

    def walked(tour: Tour) -> None:
        with tour.opened() as page:
            way(tour.walk(page, tour.lender.server(server)))

    return walked


def _declined(tour: Tour) -> None:
    server = tour.lender.server()
    with tour.opened() as page:
        walks.declined(tour.walk(page, server), lambda: _in(server, _WRITE) and None)


def _surveyed(tour: Tour) -> None:
    server = tour.lender.server()
    with tour.opened() as page:
        walk = tour.walk(page, server)
        walks.surveyed(walk, lambda: _in(server, _ASK) and None, f"{id(page)}@example.com")
        _seldom(walk, server)


def _documenting(tour: Tour) -> None:
    for name, settings in (("documents", LAW), ("held", SCANNED)):
        with tour.opened() as page:
            server = tour.lender.server(name, settings)
            walks.documenting(tour.walk(page, server), held=name == "held")


def _helped(tour: Tour) -> None:
    for nature, channel in NATURES.items():
        there = tour.lender.server(nature)
        with tour.opened() as page, tour.opened() as desk:
            walks.helped(tour.walk(page, there), desk, tour.lender.clerk(nature), channel)
            assert page.locator("aside.nature").count() == 1


def _shut(tour: Tour) -> None:
    with tour.opened() as page:
        walk = tour.walk(page, tour.lender.server("shut", SHUT))
        walk.at("/apply/", "closed")
        for _ in range(_MANY):
            page.goto(f"{walk.home}/apply/")
        tour.look(page, "wait")


WAYS: Mapping[str, Callable[[Tour], None]] = {
    "finding": _alone(walks.finding),
    "applying": _alone(walks.applying),
    "declined": _declined,
    "settling": _alone(walks.settling),
    "asking": _alone(walks.asking),
    "surveyed": _surveyed,
    "documenting": _documenting,
    "stepping": _alone(walks.stepping, "checking"),
    "helped": _helped,
    "shut": _shut,
}
"""All of them: together they come to every page and state."""


def _seldom(walk: Walk, server: Server) -> None:
    """Pages that come by a message, or when something is amiss."""
    link = _in(server, _LINK).strip()
    walk.at(link, "stop")
    walk.press("main button", "stopped")
    walk.at(f"{link}x", "stop-unread")
    draft = walk.begin()
    named = draft.strip("/").rpartition("/")[2]
    where = server.folder / "service" / "service.sqlite3"
    with closing(sqlite3.connect(where, isolation_level=None)) as database:
        walk.page.goto(f"{draft}q/amount")
        database.execute("BEGIN IMMEDIATE")  # whoever would write now waits in vain
        walk.press("button[value=on]", "busy")
        database.execute("ROLLBACK")
        database.execute("UPDATE drafts_draft SET state = 'sending' WHERE id = ?", (named,))
    walk.at(f"{draft}progress", "sending")


def _in(server: Server, program: str) -> str:
    return _run(server.folder, server.url, program)


def _run(folder: Path, url: str, program: str, *arguments: str) -> str:
    """Run a program of ours on a lender's folder; what it said last."""
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env={**environment(url), "EQUIPOISE_WORKSPACE": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return (done.stdout.splitlines() or [""])[-1]
