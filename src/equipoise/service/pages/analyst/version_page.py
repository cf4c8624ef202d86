"""The page of one version: where it stands, who is behind it, what it has otherwise than the one in
force, and what may be done with it next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from equipoise.authority.lifecycle import State
from equipoise.errors import EquipoiseError
from equipoise.review.differences import differences
from equipoise.service.contexts.decisions.reading import Pair, compared
from equipoise.service.contexts.registry import reading
from equipoise.service.contexts.registry.reading import InForce, Review, Taken, VersionSummary
from equipoise.service.pages.analyst.differing import ShownDifference, money_of, sentences_of
from equipoise.service.pages.frame.asked import named
from equipoise.service.pages.frame.words import said_word
from equipoise.service.platform.accounts import reading as accounts
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action, Principal
from equipoise.texts.refusing import refusal
from equipoise.texts.saying import marked, retold, say

STATES: Mapping[State, str] = {
    State.DRAFT: marked("draft"),
    State.CHECKED: marked("checked"),
    State.IN_REVIEW: marked("in review"),
    State.APPROVED: marked("approved"),
    State.PUBLISHED: marked("in force"),
    State.RETIRED: marked("put away"),
}
VERDICTS: Mapping[str, str] = {
    "passed": marked("passed"),
    "refused": marked("refused"),
    "nothing_to_compare": marked("nothing to compare"),
}
STEPS: Mapping[str, str] = {
    "strategy.drafted": marked("taken in"),
    "strategy.check": marked("checked"),
    "strategy.submit": marked("review asked for"),
    "strategy.approve": marked("approved"),
    "strategy.reject": marked("sent back"),
    "strategy.retire": marked("put away"),
    "strategy.publish": marked("put in force"),
    "strategy.bootstrapped": marked("put in force by the first start"),
    "strategy.withdraw": marked("taken out of force"),
}


def shown(
    request: HttpRequest,
    version: VersionSummary,
    *,
    typed: str = "",
    refused: str = "",
    gates: Sequence[Mapping[str, Any]] = (),
    again: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The page; after a step that was refused with what was `typed`, why, and what gates said."""
    by = caller(request)
    review = reading.review_of(version.id, by)
    steps = reading.steps_of(version.strategy, version.number)
    standing = reading.standing_of(version.strategy)
    context = {
        "version": version,
        "state": say(STATES[version.state]),
        "review": review,
        "notices": [refusal(each) for each in review.notices],
        "cannot_approve": refusal(review.refused),
        "people": _people(review),
        "steps": [(each, say(STEPS.get(each.kind, each.kind))) for each in steps],
        "names": named(_named_in(steps, standing)),
        "standing": standing,
        "seen": standing.serial if standing else 0,
        "gates": [_gate(each) for each in gates or _last_gates(steps)],
        "may": _may(version, by),
        "given_up": again or reading.was_given_up(version.strategy, version.id),
        "typed": typed,
        "refused": refused,
        **_against(version, standing),
    }
    return render(request, "analyst/strategy.html", context, status=status)


def _may(version: VersionSummary, by: Principal) -> dict[str, bool]:
    """Which steps the page offers: those of its state that the person's role has a right to."""
    state = version.state
    writes = by.reach(Action.WRITE_STRATEGY) is not None
    judges = by.reach(Action.APPROVE_STRATEGY) is not None
    publishes = by.reach(Action.PUBLISH_STRATEGY) is not None
    own = by.person in version.authors
    return {
        "check": writes and state is State.DRAFT,
        "submit": writes and state is State.CHECKED,
        "judge": judges and state is State.IN_REVIEW,
        "publish": publishes and state is State.APPROVED and not own,
        "withdraw": publishes and state is State.PUBLISHED,
        "retire": publishes and state not in (State.PUBLISHED, State.RETIRED),
        "edit": writes,
    }


def _people(review: Review) -> list[tuple[str, Any]]:
    people = [
        *review.authors,
        *([review.reviewer] if review.reviewer not in review.authors else []),
    ]
    names = accounts.usernames([each.person for each in people])
    return [(names.get(each.person, each.person), each) for each in people]


def _named_in(steps: Sequence[Taken], standing: InForce | None) -> set[str]:
    return {*(each.by for each in steps), *([standing.by] if standing else [])}


def _last_gates(steps: Sequence[Taken]) -> Sequence[Mapping[str, Any]]:
    return next((each.gates for each in steps if each.gates), ())


def _gate(said: Mapping[str, Any]) -> dict[str, Any]:
    detail: Mapping[str, Any] = said.get("detail") or {}
    counts: Mapping[str, int] = detail.get("swaps") or detail.get("outcomes") or {}
    faults = [_place(each) for each in detail.get("faults") or ()]
    return {
        "gate": retold(said["gate"]),
        "verdict": said["verdict"],
        "word": say(VERDICTS.get(said["verdict"], said["verdict"])),
        "message": refusal(said["message"]),
        "counts": [
            (_answers(each), counts[each]) for each in sorted(counts, key=lambda c: -counts[c])
        ],
        "faults": faults,
    }


def _answers(codes: str) -> str:
    """An answer's code in words; of one that turns, what it was and what it is, with the arrow."""
    return " → ".join(said_word(each) for each in codes.split(" -> "))


def _place(fault: Mapping[str, Any]) -> str:
    where = ":".join(str(fault[n]) for n in ("file", "line", "column") if fault.get(n))
    mend = f" ({refusal(fault['mend'])})" if fault.get("mend") else ""
    return f"{where} {refusal(fault['message'])}{mend}".strip()


def _against(version: VersionSummary, standing: InForce | None) -> dict[str, Any]:
    """What the version has otherwise than the one in force, where that is another."""
    if standing is None or standing.version in (None, version.id):
        return {"other": None}
    other = reading.summary(standing.version or 0)
    pair = compared(other.digest, version.digest)
    return {
        "other": other,
        "differences": _differences(other.id, version.id),
        "pair": pair,
        "report": report_of(pair),
    }


def _differences(before: int, after: int) -> list[ShownDifference] | None:
    """None where one of the files cannot be read by this version of Equipoise."""
    try:
        return sentences_of(differences(reading.content_of(before), reading.content_of(after)))
    except EquipoiseError:
        return None


def report_of(pair: Pair | None) -> dict[str, Any] | None:
    """What is kept of a pair, with its money as people read it; None where nothing is yet."""
    if pair is None or pair.report is None:
        return None
    report = pair.report
    if not report["applicants"]:
        return {"applicants": 0}
    return {**report, "money": money_of(report)}
