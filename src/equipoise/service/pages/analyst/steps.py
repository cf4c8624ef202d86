"""The steps of a run of the balance, as a page says them."""

from __future__ import annotations

from equipoise.texts.saying import marked, say

# by the titles that the library gives them
_STEPS = {
    "Reading the fit": marked("Reading the fitted models"),
    "Reading the data": marked("Reading the data"),
    "Checking the data against its contract": marked("Checking the data"),
    "Valuing treatments": marked("Valuing every treatment for everybody"),
    "frontier": marked("Tracing the frontier"),
    "Finding the recommended moves": marked("Finding the recommended moves"),
    "Testing assumptions": marked("Testing the assumptions"),
    "Holding strategies against the change": marked("Holding strategies against the change"),
    "Solving where inputs may be": marked("Solving where the inputs may be"),
    "Valuing policies under draws": marked("Valuing policies under draws of the inputs"),
    "Ranking assumptions": marked("Ranking the assumptions"),
    "Finding what is reachable": marked("Finding what is reachable"),
    "Finding what moved what": marked("Finding what moved what"),
    "Sealing": marked("Sealing the draft"),
    "Saving": marked("Keeping what was found"),
}


def step_name(title: str) -> str:
    """What is being done, in the language spoken now."""
    return say(_STEPS[title]) if title in _STEPS else say("At work")
