"""Who may take a step with a version, and who may judge it."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.authority.lifecycle import WAYS, OwnWork, State, Step, after
from equipoise.service.contexts.registry.models import Version
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.accounts.second_person import check_second_person


def allowed(version: Version, step: Step, by: Principal) -> State:
    """The state that the step leads to; see `lifecycle.after`. Raises TwoPeople where it takes a
    second person and an account among them was never handed over."""
    end = after(step, State(version.state), authors=frozenset(version.authors), by=by.person)
    if WAYS[step].four_eyes:
        check_second_person(version.authors, by)
    return end


def check_judge(authors: Sequence[str], by: Principal, what: str) -> None:
    """Whether `by` may pass judgement on what `authors` wrote; `what` says in words what they would
    do to it. Raises OwnWork for its authors, TwoPeople as `allowed`."""
    if by.person in authors:
        raise OwnWork(
            f"nobody can {what} what they wrote themselves", mend=f"ask someone else to {what} it"
        )
    check_second_person(authors, by)
