"""The row of an application that is begun or taken further.

Whoever appends a step hands the row to the writer with it: `begun` is inserted, `taken_further`
changes what is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from equipoise.service.contexts.applications.assignment import Assigned
from equipoise.service.contexts.applications.events import ApplicationState
from equipoise.service.contexts.applications.models import Application


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a step leaves an application: the step's id and moment, the area it lies in, and the
    applicant's language where they are known."""

    step: str
    at: datetime
    state: ApplicationState
    branch: str | None = None
    region: str | None = None
    language: str | None = None


def begun(chain: str, by: str, pinned: Assigned, standing: Standing) -> Application:
    """The row of an application that its first step begins, unsaved. All values by position:
    Django takes them so in a third of the time, and every decision comes by here."""
    return Application(
        chain,
        by,
        standing.branch,
        standing.region,
        standing.language,
        pinned.strategy,
        pinned.digest,
        pinned.way,
        pinned.propensity,
        standing.state.value,
        standing.step,
        standing.at,
    )


def taken_further(application: Application, standing: Standing) -> Application:
    """The row as a later step leaves it."""
    application.branch = standing.branch
    application.region = standing.region
    application.language = standing.language
    application.state = standing.state.value
    application.step = standing.step
    application.changed_at = standing.at
    return application


def answered(application: str, decision: str) -> None:
    """A person answered where that decision left it open: it is decided, if that is its last.
    Within the caller's transaction, alone with the application's chain."""
    rows = Application.objects.filter(pk=application, step=decision)
    rows.update(state=ApplicationState.DECIDED.value)
