"""The servers of a lender through whose pages people walk (`walks.py`), and all walks on them."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any

import walks
from authenticator import code
from processes import CLI, Server, environment
from walks import LogIn, Look, Walk

LAW = {"EQUIPOISE_JURISDICTION": "EU"}
SHUT = {"EQUIPOISE_MESSAGES": "send", "EQUIPOISE_APPLY_REQUESTS": "1"}
NATURES = {"demo": "branch", "rehearsal": "telephone"}  # and over which channel a clerk helps there
_SEALED = {"checking": walks.sealed_checking}
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
            if name in NATURES:
                self._people[name] = json.loads(_run(folder, "", _BEGUN, str(folder), name))
            made = Server(folder, program=self._program, background=False, more=dict(settings))
            self._servers[name] = made.start()
        return self._servers[name]

    def clerk(self, name: str) -> LogIn:
        """How the clerk logs in there this time."""
        told = self._people[name]["cleo"]
        codes = told["codes"]
        return LogIn(told["name"], told["password"], codes.pop() if codes else code(told["factor"]))

    def stop(self) -> None:
        """Stop whatever runs."""
        for each in self._servers.values():
            each.stop()


def everywhere(lender: Lender, opened: Opened, look: Look, *, scripts: bool = True) -> None:
    """Walk all ways, and look at every page and state."""

    def walk_of(page: Any, server: Server) -> Walk:
        return Walk(page, server.said["url"].rstrip("/"), look, scripts)

    ours = lender.server()
    for each in (walks.finding, walks.applying, walks.declined, walks.settling, walks.asking):
        with opened() as page:
            each(walk_of(page, ours))
    with opened() as page:
        walk = walk_of(page, ours)
        walks.surveyed(walk, lambda: _in(ours, _ASK) and None, f"{id(page)}@example.com")
        _seldom(walk, ours)
    with opened() as page:
        walks.stepping(walk_of(page, lender.server("checking")))
    for nature, channel in NATURES.items():
        there = lender.server(nature)
        with opened() as page, opened() as desk:
            walks.helped(walk_of(page, there), desk, lender.clerk(nature), channel)
            assert page.locator("aside.nature").count() == 1
    with opened() as page:
        walk = walk_of(page, lender.server("shut", SHUT))
        walk.at("/apply/", "closed")
        for _ in range(_MANY):
            page.goto(f"{walk.home}/apply/")
        look(page, "wait")


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
