"""What a page of risk shows of a job that somebody asked for: how far it is, and what it does."""

from __future__ import annotations

from typing import Any

from equipoise.service.contexts.books.reading import Shown
from equipoise.service.platform.accounts import reading as accounts
from equipoise.texts.refusing import refusal
from equipoise.texts.saying import joined, marked, say

_STEPS = {
    "Reading the tape": marked("Reading the tape"),
    "Vintages and roll rates": marked("Vintages and roll rates"),
    "Migration": marked("Migration"),
    "Losses, capital and grades": marked("Losses, capital and grades"),
    "Concentration and limits": marked("Concentration and limits"),
    "Interest rates": marked("Interest rates"),
    "Keeping the rows": marked("Keeping the rows"),
    "Making the book ready": marked("Making the book ready"),
    "Running scenarios": marked("Running scenarios"),
}


def progress(shown: Shown | None) -> dict[str, Any]:
    """What its line of progress needs; nothing where none is under way."""
    if shown is None:
        return {}
    step = say(_STEPS[shown.step]) if shown.step in _STEPS else say("At work")
    return {"open": shown, "step": step if shown.step else "", "percent": round(100 * shown.done)}


def fault_text(fault: str) -> str:
    """What was in the way and what mends it, sentence by sentence in the language spoken."""
    return joined(map(refusal, fault.split("; ")), "; ")


def kept(rows: list[Shown], chosen: str) -> dict[str, Any]:
    """Those that are done, the one that is looked at, and the one under way."""
    done = [each for each in rows if each.state == "done"]
    looked = next((each for each in done if str(each.id) == chosen), done[0] if done else None)
    return {
        **progress(next((each for each in rows if each.open), None)),
        "fault": fault_text(rows[0].fault) if rows and rows[0].state == "failed" else "",
        "looked": looked,
        "kept": done,
        "names": accounts.usernames([each.asked_by for each in rows]),
    }
