"""Where an application stands, as its applicant may know it: from the record, in their language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
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
from equipoise.service.contexts.asks.reading import AskView, in_application, words_in
from equipoise.service.contexts.cases.reading import (
    ByPerson,
    WorkKind,
    by_person,
    has_lapsed,
    offer_of,
    promise_to,
    standing_answer,
    stands_until,
    unmet,
)
from equipoise.service.contexts.concerns.reading import ConcernView
from equipoise.service.contexts.concerns.reading import of_decision as of_last
from equipoise.service.contexts.concerns.services import raise_for
from equipoise.service.contexts.decisions.reading import (
    DecisionView,
    explanation,
    told_reasons,
    visible,
)
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
from equipoise.texts.dates import written_moment
from equipoise.texts.decisions import money, percent, phrase
from equipoise.texts.languages import text_in
from equipoise.texts.saying import marked, say, spoken

YOU, US, NOBODY = "you", "us", "nobody"
TURNS: Mapping[str, str] = {
    YOU: marked("It is your turn."),
    US: marked("It is our turn: you need not do anything."),
}
BY_PERSON: Mapping[str, str] = {
    APPROVE: marked("A person at our company decided: yes."),
    COUNTER_OFFER: marked(
        "A person at our company decided, and makes you another offer than you asked for."
    ),
    DECLINE: marked("A person at our company decided: no."),
}
ON_CONDITION: Mapping[str, str] = {
    APPROVE: marked("A person at our company decided: yes, once we have what is named below."),
    COUNTER_OFFER: marked(
        "A person at our company decided, and makes you another offer than you asked for, once we"
        " have what is named below."
    ),
}


@dataclass(frozen=True)
class Standing:
    """A sent application: its last decision, opened for its applicant."""

    draft: DraftView
    decision: DecisionView
    decided_at: datetime

    @property
    def outcome(self) -> str:
        return str(self.decision.plain["outcome"])

    @property
    def offers(self) -> Sequence[Mapping[str, Any]]:
        """What is offered, once nothing is asked for any more; by a person, where one decided."""
        if self.ruled is None:
            return self.decision.answer()["offers"] or ()
        offer = offer_of(self.ruled, self.decision.row.id)
        return () if offer is None else (offer,)

    @property
    def conditions(self) -> Sequence[Mapping[str, Any]]:
        """The checks that are still owed; where a person decided in place of the strategy, what
        their yes waits for."""
        owed: Sequence[Mapping[str, Any]] = self.decision.plain["conditions"]
        return self._waits_for if self.by_person else owed

    @cached_property
    def _waits_for(self) -> Sequence[Mapping[str, Any]]:
        if not self.unmet:
            return ()
        words = words_in(self.draft.application, FOR_APPLICANTS)
        return [{"name": each.about, "label": words[each.id].question} for each in self.unmet]

    @cached_property
    def unmet(self) -> Sequence[AskView]:
        """What a person's yes waits for."""
        yes = self.ruled is not None and self.ruled.answer != DECLINE
        return unmet(self.decision.row.id) if yes else ()

    @cached_property
    def review(self) -> ReviewView | None:
        """What became of the decision where a person was asked to look again."""
        return of_decision(self.decision.row.id)

    @cached_property
    def ruled(self) -> ByPerson | None:
        """What a person decided in place of the decision; None where none did."""
        return by_person(self.decision.row.id)

    @property
    def by_machine(self) -> bool:
        """Whether the strategy's answer stands."""
        return self.ruled is None

    @cached_property
    def stands_until(self) -> date | None:
        """The last day on which a person's offer can be taken; None where it has no end."""
        return stands_until(self.ruled, self.decision)

    @cached_property
    def lapsed(self) -> bool:
        """Whether a person's offer was not taken while it stood."""
        return not self.signed and has_lapsed(self.ruled, self.decision)

    @property
    def by_person(self) -> str:
        """Their answer; empty where none did."""
        return "" if self.ruled is None else self.ruled.answer

    @cached_property
    def concerns(self) -> Sequence[ConcernView]:
        """What is unclear by the decision, or was."""
        return of_last(self.decision.row.id)

    @property
    def unclear(self) -> Sequence[ConcernView]:
        """The same; nothing is once a person has decided."""
        return () if self.ruled is not None else self.concerns

    @property
    def waits_for_person(self) -> bool:
        """Whether a person is to decide, and none has."""
        refers = self.outcome == REFER and not self.by_person
        return refers or bool(self.review and self.review.waits)

    @cached_property
    def asks(self) -> Sequence[AskView]:
        """What a person of ours asked besides."""
        return in_application(self.draft.application)

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
        if any(each.open for each in self.unclear) or any(each.is_open for each in self.asks):
            return YOU
        if self.waits_for_person:
            return US
        return self._turn_after_answer() if self.by_person else self._turn_by_outcome()

    def _turn_after_answer(self) -> str:
        """After a person's answer: a yes without terms is gone on with by us."""
        if self.declined or self.lapsed:
            return NOBODY
        return YOU if self.offering else US

    def _turn_by_outcome(self) -> str:
        if self.outcome == ASK_FOR_MORE or self.conditions:
            return US if self._asked.answered else YOU
        return YOU if self.outcome in (APPROVE, COUNTER_OFFER) else NOBODY

    @cached_property
    def promise(self) -> str:
        """By when a person answers, as the lender promised it; that it is late, where it is."""
        promise = promise_to(self.draft.application, self._work) if self.turn == US else None
        if promise is None:
            return ""
        moment, late = promise
        by = written_moment(moment)
        if late:
            return say(
                "We promised an answer by {moment}, and are late. A person looks at it.", moment=by
            )
        return say("A person answers by {moment}.", moment=by)

    @property
    def _work(self) -> Sequence[WorkKind]:
        """What a person has to do for them by now."""
        if self.by_person:
            return (WorkKind.CONDITION,)
        return (WorkKind.REFERRED, WorkKind.SIGNATURE)

    @property
    def turn_said(self) -> str:
        """The same in words; empty where it is nobody's."""
        return say(TURNS[self.turn]) if self.turn in TURNS else ""

    @property
    def declined(self) -> bool:
        """Whether the answer that stands is no, whoever gave it."""
        return standing_answer(self.decision, self.ruled) == DECLINE

    @property
    def offering(self) -> bool:
        """Whether there is an offer that can be taken as it is."""
        if self.by_person:
            waits = self.lapsed or self.unmet
            return self.by_person != DECLINE and bool(self.offers) and not waits
        return self.outcome in (APPROVE, COUNTER_OFFER) and not self.conditions

    @cached_property
    def agreement(self) -> AgreementView | None:
        """What became of its offer, once one was taken."""
        return agreement_of(self.draft.application, FOR_APPLICANTS, Reach.OWN)

    @cached_property
    def notice(self) -> NoticeView | None:
        """The letter about the decision, where one is owed."""
        return notice_of(self.decision.row.id)

    @property
    def signed(self) -> bool:
        """Whether a loan was signed, withdrawn from or not."""
        return self.agreement is not None and self.agreement.state != AgreementState.ACCEPTED

    @property
    def headline(self) -> str:
        """Where it stands, in a sentence."""
        if self.lapsed and self.unmet:
            return say(
                "The offer that a person made you has ended: what it waited for is not there."
            )
        if self.lapsed:
            return say("The offer that a person made you has ended: it was not taken in time.")
        if not self.signed:
            return str(self.words["headline"])
        if self.agreement and self.agreement.state == AgreementState.WITHDRAWN:
            return say("You have withdrawn from the loan agreement.")
        return say("You have signed the loan agreement.")

    @cached_property
    def words_of_strategy(self) -> Mapping[str, Any]:
        """The decision in words, in the language spoken now; in the strategy's own where it does
        not speak that."""
        try:
            return explanation(self.decision, FOR_APPLICANTS, "customer", spoken())
        except BadInput:
            return explanation(self.decision, FOR_APPLICANTS, "customer", "")

    @cached_property
    def words(self) -> Mapping[str, Any]:
        """The same; where a person decided in its place, their answer."""
        words = self.words_of_strategy
        return words if self.ruled is None else {**words, **self._in_place_of(self.ruled)}

    def _in_place_of(self, by: ByPerson) -> Mapping[str, Any]:
        """What a person's answer says in place of the decision's words."""
        reasons = () if by.answer == APPROVE else told_reasons(self.decision, by.reasons, spoken())
        currency = self.draft.product.contract.currency
        return {
            "headline": say((ON_CONDITION if self.unmet else BY_PERSON)[by.answer]),
            "rights": "",
            "conditions": [
                text_in(each["label"], spoken()) or each["name"] for each in self.conditions
            ],
            "reasons": reasons,
            "offers": [offer_text(each, currency) for each in self.offers],
        }


def offer_text(offer: Mapping[str, Any], currency: str) -> str:
    """An offer in a sentence, in the language spoken now."""
    return phrase(
        "offer",
        spoken(),
        amount=money(offer["amount"], currency),
        months=f"{offer['months']:g}",
        apr=percent(offer["apr"]),
        instalment=money(offer["instalment"], currency),
    )


def standing(draft: DraftView) -> Standing:
    """Where the draft's application stands. Raises DoesNotExist before it was sent."""
    row = application(draft.application, FOR_APPLICANTS, Reach.OWN)
    decision = visible(row.decision, FOR_APPLICANTS, Reach.OWN).seen_by(FOR_APPLICANTS)
    return Standing(draft, decision, draft.sent_at or clock.now())


def warn(draft: DraftView) -> None:
    """Have the desk warned at once of what is unclear by the draft's last decision, if it has one
    by now; what is passed over here a job sees to."""
    now = anew(draft)
    if now.state == DraftState.SENT:
        raise_for(standing(now).decision)
