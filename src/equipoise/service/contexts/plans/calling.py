"""The contact tree of a run: who is to be called now is called, each person once for a step.

The call and its message are one transaction: a worker that is killed has either called somebody or
not, and the next one calls whoever is left. A message that is carried twice keeps its id.
"""

from __future__ import annotations

from datetime import datetime

from equipoise.errors import EquipoiseError
from equipoise.service.contexts.plans.events import PersonCalled
from equipoise.service.contexts.plans.following import SYSTEM, Followed, add
from equipoise.service.platform.accounts import reading as accounts
from equipoise.service.platform.messages.services import Purpose, email, send
from equipoise.texts.languages import text_in


def call_due(followed: Followed, now: datetime) -> int:
    """Call whoever is due, inside the caller's transaction, which holds the run; how many were."""
    from equipoise.watch.plans import calls_due

    calls = calls_due(followed.run, followed.document, now)
    for each in calls:
        message = _written(followed, each.what, each.whom)
        called = PersonCalled(
            by=SYSTEM,
            plan=followed.row.plan,
            drill=followed.row.drill,
            what=each.what,
            whom=each.whom,
            message=message,
        )
        add(followed.row, [called])
    return len(calls)


def _written(followed: Followed, step: str, person: str) -> str:
    """The id of the message to somebody; empty where none can go to them: they have no address, or
    nothing is sent from here. Their pages tell them all the same."""
    address = person if "@" in person else accounts.address_of(person)
    if not address:
        return ""
    plan = followed.document.plan(followed.row.plan)
    language = accounts.language_of(person) or next(iter(plan.title))
    due = followed.run.due(step, followed.document.calendar.calendar())
    values = {
        "plan": text_in(plan.title, language),
        "step": text_in(plan.step(step).does, language),
        "due": f"{due:%Y-%m-%d %H:%M} UTC" if due else "",
        "run": followed.row.pk,
    }
    text = "plan_drill" if followed.row.drill else "plan_call"
    try:
        return send(followed.row.pk, email(address), text, language, values, purpose=Purpose.DUTY)
    except EquipoiseError:
        return ""
