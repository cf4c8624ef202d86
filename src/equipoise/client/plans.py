"""Runs of emergency plans and drills, as people go through them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from .paging import listed
from .reading import read
from .results import PlanRun, PlanRunInFull
from .transport import Sender

_ALL = "/v1/plans/runs"


class PlanRuns:
    """Needs the right plans.read, to do something plans.act, and plans.switch for a step that turns
    a switch on, and to turn one back. Each answers the run as it is then; raises Conflict where it
    cannot be done now."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list(self) -> Iterator[PlanRun]:
        """Runs and drills, the newest first."""
        return listed(self._sender, PlanRun, _ALL)

    def get(self, run_id: str) -> PlanRunInFull:
        """A run: what is due by when, who was called, what was done, which switches are on."""
        return read(PlanRunInFull, self._sender.ask("GET", _one(run_id)).json)

    def begin(self, plan: str, cause: str, *, drill: bool = False) -> PlanRunInFull:
        """Begin a plan in force, for a cause; a drill changes nothing that is in force."""
        return self._did(_ALL, plan=plan, cause=cause, drill=drill)

    def do(self, run_id: str, step: str, note: str = "") -> PlanRunInFull:
        """A step is done, and its switch, where it has one, is on."""
        return self._did(f"{_one(run_id)}/steps", step=step, ended="done", note=note)

    def leave_out(self, run_id: str, step: str, reason: str) -> PlanRunInFull:
        """A step is left out."""
        return self._did(f"{_one(run_id)}/steps", step=step, ended="left_out", note=reason)

    def turn_back(self, run_id: str, switch: str) -> PlanRunInFull:
        """A switch is turned back: what was in force before it is again."""
        return self._did(f"{_one(run_id)}/switch-back", switch=switch)

    def end(self, run_id: str, note: str = "") -> PlanRunInFull:
        """End it, as somebody who did not do all of it alone."""
        return self._did(f"{_one(run_id)}/end", note=note)

    def _did(self, where: str, **body: Any) -> PlanRunInFull:
        return read(PlanRunInFull, self._sender.ask("POST", where, body, again=False).json)


def _one(run_id: str) -> str:
    return f"{_ALL}/{quote(run_id, safe='')}"
