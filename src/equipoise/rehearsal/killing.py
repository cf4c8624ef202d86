"""A server that is killed at every page: while it answers, and just after it has."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from random import Random

from equipoise.rehearsal.browser import page_of
from equipoise.rehearsal.server import NotServing, Server

_LONGEST = 0.04  # seconds from the beginning of a request until it is killed within
_TRIES, _PAUSE = 20, 0.25  # a killed server's port is free only once all of it is gone


@dataclass
class Killer:
    """Kills a server so many times: at each page that is sent, in both manners, as long as there
    are kills left, but for those `kept` for later. One person acts at a time; who sits at the desk
    may find it killed too."""

    server: Server
    left: int
    dice: Random
    kept: int = 0
    done: set[tuple[str, bool]] = field(default_factory=set)
    _timer: threading.Timer | None = None
    _within: str = ""
    _revived: int = 0
    _alone: threading.Lock = field(default_factory=threading.Lock)

    def watched(self, method: str, url: str, answered: bool) -> None:
        """Called before a request and once it is answered."""
        page = page_of(method, url)
        if method != "POST" or self.left <= self.kept or (page, answered) in self.done:
            return
        if answered and self._within == page:  # this very request was to be cut off
            return
        self._within = "" if answered else page
        self.done.add((page, answered))
        self.left -= 1
        if answered:
            self._kill()
        else:
            self._timer = threading.Timer(self.dice.random() * _LONGEST, self._kill)
            self._timer.start()

    def revive(self) -> int:
        """Start the server again where it was killed; how often that was done by now, by whoever
        found it so."""
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.join()
        with self._alone:
            if not self.server.runs:
                self._start()
                self._revived += 1
            return self._revived

    def _kill(self) -> None:
        with self._alone:
            self.server.kill()

    def _start(self) -> None:
        for _ in range(_TRIES):
            try:
                self.server.start()
                return
            except NotServing:
                time.sleep(_PAUSE)
        raise NotServing("the server does not come back", mend=f"see {self.server.log}")
