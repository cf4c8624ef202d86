"""An application or a draft, found by what somebody knows of it: exactly, by blind index, and on
record. What was typed is kept nowhere."""

from __future__ import annotations

import re
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ObjectDoesNotExist

from equipoise.service.contexts.applications.reading import visible
from equipoise.service.contexts.cases.reading import work_of
from equipoise.service.contexts.decisions.reading import visible as decision
from equipoise.service.contexts.decisions.services import known_by, record_search
from equipoise.service.contexts.drafts.reading import (
    DraftState,
    led_to_by,
    references,
    summaries,
    with_drafts,
)
from equipoise.service.pages.frame.words import said_word
from equipoise.service.pages.underwriter.addresses import page_of
from equipoise.service.pages.underwriter.wording import kind_of
from equipoise.service.platform.accounts.permissions import Action, Principal

MOST = 200
"""Characters of what is looked for."""
_SHOWN = 50
_APPLICATION = re.compile(r"application-[0-9a-f]{32}")
_DECISION = re.compile(r"decision-[0-9a-f]{32}")
_NO_FACTS = ("identifier", "reference")
_UNSENT = (DraftState.OPEN, DraftState.SENDING)


@dataclass(frozen=True, slots=True)
class Application:
    """One that was found: its page, by what its applicant knows it, by which strategy it is
    decided, its last decision's outcome, when that was, and what waits for a person about it."""

    id: str
    page: str
    reference: str
    strategy: str
    branch: str
    outcome: str
    at: datetime
    waits: str


@dataclass(frozen=True, slots=True)
class Unsent:
    """A draft that was not sent: by what its applicant knows it, for which product, since when."""

    reference: str
    product: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Results:
    """What was found, as far as whoever asked may see it."""

    applications: tuple[Application, ...]
    drafts: tuple[Unsent, ...]

    @property
    def nothing(self) -> bool:
        return not self.applications and not self.drafts


def find(text: str, by: Principal) -> Results:
    """By a reference, an identifier or an id; for those who read personal facts by telephone,
    e-mail address and searchable fields too. It is recorded by what was found, and whom.

    Raises BadInput where too many gave the same.
    """
    people, fields = set[str](), list[str]()
    for name, chains in _led_to(text, by).items():
        people |= chains
        fields.append(name)
    both = with_drafts(sorted(people)) if people else []
    result = Results(
        tuple(_applications([each for each in both if _APPLICATION.fullmatch(each)], by)),
        tuple(_unsent(both, by)),
    )
    record_search(by, fields, sorted(both))
    return result


def _led_to(text: str, by: Principal) -> dict[str, set[str]]:
    if _APPLICATION.fullmatch(text):
        return {"application": {text}}
    if _DECISION.fullmatch(text):
        return {"decision": _of_decision(text, by)}
    by_kind = {**known_by(text), **led_to_by(text)}
    if by.reach(Action.READ_PERSONAL) is None:
        return {name: chains for name, chains in by_kind.items() if name in _NO_FACTS}
    return by_kind


def _of_decision(text: str, by: Principal) -> set[str]:
    over = by.reach(Action.READ_DECISIONS)
    if over is not None:
        with suppress(ObjectDoesNotExist):
            return {decision(text, by, over).row.application}
    return set()


def _applications(chains: Collection[str], by: Principal) -> list[Application]:
    over = by.reach(Action.READ_DECISIONS)
    rows = list[Application]()
    for chain in sorted(chains, reverse=True):
        if over is None or len(rows) >= _SHOWN:
            break
        with suppress(ObjectDoesNotExist):
            rows.append(_application(chain, by))
    return rows


def _application(chain: str, by: Principal) -> Application:
    over = by.reach(Action.READ_DECISIONS)
    if over is None:
        raise ObjectDoesNotExist(chain)
    summary = visible(chain, by, over)
    made = decision(summary.decision, by, over)
    reads_cases = by.reach(Action.READ_CASES)
    waits = None if reads_cases is None else work_of(chain, by, reads_cases)
    named = references(with_drafts([chain]))
    return Application(
        chain,
        page_of(chain) if reads_cases is not None else "",
        next(iter(named), ""),
        summary.strategy,
        summary.branch,
        said_word(made.plain["outcome"]),
        summary.changed_at,
        "" if waits is None else kind_of(waits),
    )


def _unsent(chains: Collection[str], by: Principal) -> list[Unsent]:
    """To those who answer applicants, whose reach is all: a draft lies in no branch."""
    if by.reach(Action.ANSWER_PEOPLE) is None:
        return []
    drafts = [each for each in summaries(chains) if each.state in _UNSENT]
    return [Unsent(each.reference, each.product, each.begun_at) for each in drafts[:_SHOWN]]
