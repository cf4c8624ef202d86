"""What a step would tell others, drafted: a person reads, changes and sends it, and nothing is sent
from here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from equipoise.service.contexts.plans.reading import RunInFull
from equipoise.texts.languages import text_in
from equipoise.texts.saying import say, speaking

LANGUAGES = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Draft:
    """What would be told, in a language."""

    language: str
    text: str


def drafts(shown: RunInFull, step: str) -> tuple[Draft, ...]:
    """What a step's hook would tell: the regulator what happened and what was done since, customers
    what the plan has for them. None where it has no such hook."""
    hook = shown.run.plan.step(step).hook
    if hook == "tell_regulator":
        return tuple(Draft(each, _notice(shown, each)) for each in LANGUAGES)
    if hook == "tell_customers":
        return tuple(Draft(*each) for each in sorted(shown.run.plan.customers.items()))
    return ()


def _notice(shown: RunInFull, language: str) -> str:
    run = shown.run
    plan, owed = run.plan, run.plan.regulator
    done = [name for name, ended in run.ended.items() if ended.done]
    with speaking(language):
        lines = []
        if run.drill:
            lines.append(say("A drill: not to be sent."))
        if owed is not None:
            due = run.opened + timedelta(hours=owed.within_hours)
            lines.append(
                say(
                    "To {whom}, by {due} UTC ({source})",
                    whom=owed.whom,
                    due=f"{due:%Y-%m-%d %H:%M}",
                    source=owed.source,
                )
            )
        lines.append(
            say(
                'On {moment} UTC we began the plan "{plan}": {cause}',
                moment=f"{run.opened:%Y-%m-%d %H:%M}",
                plan=_said_in(plan.title, language),
                cause=run.cause,
            )
        )
        for name in done:
            does = _said_in(plan.step(name).does, language)
            lines.append(say("Done since: {step}", step=does))
        if run.switched:
            on = [_said_in(plan.switch(name).does, language) for name in run.switched]
            lines.append(say("In force now: {switches}", switches=", ".join(on)))
        return "\n".join(lines)


def _said_in(texts: Mapping[str, str], language: str) -> str:
    """What a plan says in that language, else in the first it is written in."""
    return text_in(texts, language) or next(iter(texts.values()))
