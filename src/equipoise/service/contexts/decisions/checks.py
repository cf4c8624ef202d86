"""Results of checks that somebody else brings: the application goes on as whoever began it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.errors import GateRefused
from equipoise.service.contexts.applications import CHECKS
from equipoise.service.contexts.applications.reading import ApplicationSummary
from equipoise.service.contexts.decisions.course import Ask, Brought
from equipoise.service.contexts.decisions.deciding import Asked
from equipoise.service.contexts.decisions.idempotency import once
from equipoise.service.contexts.decisions.reading import DecisionView, read
from equipoise.service.contexts.decisions.together import decide_together
from equipoise.service.contexts.registry.reading import loaded
from equipoise.service.platform.accounts.permissions import Principal, Role
from equipoise.service.platform.record.subjects import refuse_erased


def record_checks(
    application: ApplicationSummary, results: Mapping[str, str], by: Principal, key: str | None
) -> DecisionView:
    """The decision on what the application knows and these results, made once for the key; as far
    as whoever brings them may read it.

    Raises GateRefused where the application is not in flight, Erased where its applicant was
    erased, BadInput for a check that its strategy does not have, and what `decide` raises.
    """
    request = once(by.id, key, {"application": application.id, CHECKS: dict(results)})
    brought = Brought(application.id, tuple(sorted(results)), by)
    asked = Asked(
        {**_whose(application), CHECKS: dict(results)},
        application.strategy,
        application.branch,
        application.region,
    )
    (answer,) = decide_together((Ask(_beginner(application, by), asked, request, brought),))
    if isinstance(answer, Exception):
        raise answer
    return DecisionView(answer.row, answer.plain, answer.sealed).seen_by(by)


def _beginner(application: ApplicationSummary, by: Principal) -> Principal:
    """Whoever began it, by whom it is found and to whom its decisions belong."""
    if application.begun_by == by.id:
        return by
    return Principal(application.begun_by, application.begun_by, Role.API_CLIENT)


def _whose(application: ApplicationSummary) -> Mapping[str, Any]:
    """The identifier that its applicant is found by."""
    refuse_erased(application.id)
    name = loaded(application.digest).content.contract.id
    facts = read(application.decision).facts or {}
    text = facts.get("application", {}).get(name)
    if name is None or text is None:
        raise GateRefused("an application without an identifier does not go on")
    return {name: text}
