"""Where an application stands, as its applicant may know it: from the record, in their language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from equipoise.errors import BadInput
from equipoise.journey import Page, unasked
from equipoise.service.contexts.agreements.reading import (
    AgreementState,
    AgreementView,
    agreement_of,
)
from equipoise.service.contexts.applications.reading import visible as application
from equipoise.service.contexts.cases.reading import overriding
from equipoise.service.contexts.concerns.reading import ConcernView
from equipoise.service.contexts.concerns.reading import of_decision as of_last
from equipoise.service.contexts.concerns.services import raise_for
from equipoise.service.contexts.decisions.reading import Found, explanation, visible
from equipoise.service.contexts.drafts.reading import Asked, DraftState, DraftView, anew, asked
from equipoise.service.contexts.drafts.services import FOR_APPLICANTS
from equipoise.service.contexts.notices.reading import NoticeView, notice_of
from equipoise.service.contexts.reviews.reading import ReviewView, of_decision
from equipoise.service.pages.applicant.steps import Step, after, steps
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Reach
from equipoise.strategy.decision import (
    APPROVE,
    ASK_FOR_MORE,
    COUNTER_OFFER,
    DECLINE,
    REFER,
)
from equipoise.texts.saying import marked, say, spoken

YOU, US, NOBODY = "you", "us", "nobody"
TURNS: Mapping[str, str] = {
    YOU: marked("It is your turn."),
    US: marked("It is our turn: you need not do anything."),
}
BY_PERSON: Mapping[str, str] = {
    APPROVE: marked("A person at our company decided: yes."),
    DECLINE: marked("A person at our company decided: no."),
}


@dataclass(frozen=True)
class Standing:
    """A sent application: its last decision, opened for its applicant."""

    draft: DraftView
    found: Found
    decided_at: datetime

    @property
    def outcome(self) -> str:
        return str(self.found.plain["outcome"])

    @property
    def offers(self) -> Sequence[Mapping[str, Any]]:
        """What is offered, once nothing is asked for any more."""
        return self.found.answer()["offers"] or ()

    @property
    def conditions(self) -> Sequence[Mapping[str, Any]]:
        """The checks that are still owed; none where a person decided in place of the strategy."""
        owed: Sequence[Mapping[str, Any]] = self.found.plain["conditions"]
        return () if self.by_person else owed

    @cached_property
    def review(self) -> ReviewView | None:
        """What became of the decision where a person was asked to look again."""
        return of_decision(self.found.row.id)

    @cached_property
    def by_person(self) -> str:
        """The answer of a person that holds in place of the decision's; empty where none does."""
        return overriding(self.found.row.id)

    @cached_property
    def unclear(self) -> Sequence[ConcernView]:
        """What is unclear by the decision, or was."""
        return of_last(self.found.row.id)

    @cached_property
    def more(self) -> Sequence[Step]:
        """What is asked besides what was sent."""
        return steps(self.draft)

    @property
    def all_done(self) -> bool:
        """Whether there is nothing left to answer of what is asked besides."""
        return not any(step.open for step in self.more)

    @property
    def following(self) -> str:
        """Where that goes on."""
        return after(self.draft, "")

    @cached_property
    def _asked(self) -> Asked:
        return asked(self.draft)

    @property
    def spared(self) -> Sequence[Page]:
        """What could have been asked and was not, since it was not needed."""
        return unasked(self._asked.whole, self.draft.typed.raw)

    @property
    def turn(self) -> str:
        """Who has to do something now."""
        if self.signed:
            return NOBODY
        if any(each.open for each in self.unclear):
            return YOU
        if self.outcome == REFER or (self.review and self.review.waits):
            return US
        if self.by_person:
            return US if self.by_person == APPROVE else NOBODY
        if self.outcome == ASK_FOR_MORE or self.conditions:
            return US if self._asked.answered else YOU
        return YOU if self.outcome in (APPROVE, COUNTER_OFFER) else NOBODY

    @property
    def turn_said(self) -> str:
        """The same in words; empty where it is nobody's."""
        return say(TURNS[self.turn]) if self.turn in TURNS else ""

    @property
    def declined(self) -> bool:
        return self.outcome == DECLINE and self.by_person != APPROVE

    @property
    def offering(self) -> bool:
        """Whether there is an offer that can be taken as it is."""
        offered = self.outcome in (APPROVE, COUNTER_OFFER) and not self.conditions
        return offered and not self.by_person

    @cached_property
    def agreement(self) -> AgreementView | None:
        """What became of its offer, once one was taken."""
        return agreement_of(self.draft.application, FOR_APPLICANTS, Reach.OWN)

    @cached_property
    def notice(self) -> NoticeView | None:
        """The letter about the decision, where one is owed."""
        return notice_of(self.found.row.id)

    @property
    def signed(self) -> bool:
        """Whether a loan was signed, withdrawn from or not."""
        return self.agreement is not None and self.agreement.state != AgreementState.ACCEPTED

    @property
    def headline(self) -> str:
        """Where it stands, in a sentence."""
        if not self.signed:
            return str(self.words["headline"])
        if self.agreement and self.agreement.state == AgreementState.WITHDRAWN:
            return say("You have withdrawn from the loan agreement.")
        return say("You have signed the loan agreement.")

    @cached_property
    def words(self) -> Mapping[str, Any]:
        """The decision in words, in the language spoken now; in the strategy's own where it does
        not speak that. Of what a person decided in its place the answer alone."""
        try:
            words = explanation(self.found, FOR_APPLICANTS, "customer", spoken())
        except BadInput:
            words = explanation(self.found, FOR_APPLICANTS, "customer", "")
        if not self.by_person:
            return words
        instead = {"headline": say(BY_PERSON[self.by_person]), "rights": ""}
        return {**words, **instead, **dict.fromkeys(("reasons", "conditions", "offers"), ())}


def standing(draft: DraftView) -> Standing:
    """Where the draft's application stands. Raises DoesNotExist before it was sent."""
    row = application(draft.application, FOR_APPLICANTS, Reach.OWN)
    found = visible(row.decision, FOR_APPLICANTS, Reach.OWN).seen_by(FOR_APPLICANTS)
    return Standing(draft, found, draft.sent_at or clock.now())


def warn(draft: DraftView) -> None:
    """Have the desk warned at once of what is unclear by the draft's last decision, if it has one
    by now; what is passed over here a job sees to."""
    now = anew(draft)
    if now.state == DraftState.SENT:
        raise_for(standing(now).found)
