"""A switch is in force in every process that serves with the very next decision, with no worker,
and while others ask all the time."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from lender import facts
from plan_text import TEXT
from processes import Server, environment, until, workspace


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[list[Server]]:
    """Two that serve one folder, and no worker anywhere."""
    folder = workspace(tmp_path / "lender")
    (folder / "plans.yaml").write_text(TEXT, encoding="utf-8")
    one = Server(folder, background=False).start()
    both = [one]
    try:
        both.append(Server(folder, background=False, key=one.key).start())
        yield both
    finally:
        for each in both:
            each.stop()


def turn(folder: Path, what: str) -> None:
    script = Path(__file__).with_name("turning_switch.py")
    given = {**environment(""), "EQUIPOISE_WORKSPACE": str(folder)}
    given["PYTHONPATH"] = os.pathsep.join([str(script.parent), os.environ.get("PYTHONPATH", "")])
    subprocess.run([sys.executable, str(script), what], env=given, check=True)


def answer_of(server: Server, name: str) -> str:
    """How an application is answered; one that the service was too busy for is asked again."""
    got: dict[str, Any] = {}

    def has_answered() -> bool:
        status, got["answer"] = server.decide(facts(application_id=name), name)
        assert status in (201, 503), got["answer"]
        return status == 201

    until(has_answered)
    return str(got["answer"]["outcome"])


def decided(servers: list[Server], what: str) -> list[str]:
    """What each answers next, and how long that took, for whoever looks."""
    answers = []
    for number, each in enumerate(servers):
        name = f"{what}-{number}"
        began = time.perf_counter()
        answers.append(answer_of(each, name))
        sys.stdout.write(f"{what} {number}: {1000 * (time.perf_counter() - began):.0f} ms\n")
    return answers


def asked_after(servers: list[Server], act: Callable[[], None], what: str) -> set[str]:
    """Eight ask both all the time while it is done; the outcomes of whatever was asked after it."""
    acted, enough, outcomes = threading.Event(), threading.Event(), []

    def ask(number: int) -> None:
        for place in count():
            if enough.is_set():
                return
            is_after, name = acted.is_set(), f"{what}-{number}-{place}"
            outcome = answer_of(servers[number % 2], name)
            if is_after:
                outcomes.append(outcome)

    with ThreadPoolExecutor(8) as pool:
        asking = [pool.submit(ask, number) for number in range(8)]
        try:
            act()
            acted.set()
            until(lambda: len(outcomes) >= 64 or any(each.done() for each in asking))
        finally:
            enough.set()
        for each in asking:
            each.result()
    return set(outcomes)


def test_the_next_decision_of_every_process_is_by_the_switch(servers: list[Server]) -> None:
    folder = servers[0].folder
    turn(folder, "prepare")
    assert decided(servers, "before") == ["approve", "approve"]
    assert asked_after(servers, lambda: turn(folder, "on"), "on") == {"refer"}
    assert asked_after(servers, lambda: turn(folder, "back"), "back") == {"approve"}
