"""A server that is killed while several look at it: whoever finds it dead has it started, once."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from random import Random
from typing import Any, cast

from equipoise.rehearsal.killing import Killer
from equipoise.rehearsal.server import NotServing

PAGE = "http://127.0.0.1:8000/apply/draft-1/contact"


@dataclass
class Server:
    """Stands in for a real one; the first `refuses` starts fail."""

    refuses: int = 0
    runs: bool = True
    starts: int = 0
    log: str = "server.log"

    def kill(self) -> None:
        self.runs = False

    def start(self) -> None:
        if self.refuses:
            self.refuses -= 1
            raise NotServing("its port is not free yet")
        self.starts += 1
        self.runs = True


def killer(server: Server, kills: int) -> Killer:
    return Killer(cast(Any, server), kills, Random(3))  # noqa: S311 - nothing secret


def test_it_is_killed_in_both_manners_at_each_page_that_is_sent() -> None:
    server = Server()
    kills = killer(server, 5)
    for _ in range(3):
        for page in (PAGE, PAGE.replace("contact", "check")):
            kills.watched("GET", page, False)
            kills.watched("POST", page, False)
            kills.watched("POST", page, True)
            kills.revive()
    assert (kills.left, server.starts, kills.revive()) == (1, 4, 4)


def test_two_who_find_it_dead_start_it_once_and_both_learn_that_it_is_back() -> None:
    server = Server(refuses=2)
    kills = killer(server, 1)
    kills.watched("POST", PAGE, True)
    assert not server.runs
    collected: list[int] = []
    both = [threading.Thread(target=lambda: collected.append(kills.revive())) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert (collected, server.starts) == ([1, 1], 1)
    assert kills.revive() == 1, "it runs, and was not started again"
