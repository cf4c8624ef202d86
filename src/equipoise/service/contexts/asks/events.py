"""What happens to what an applicant is asked, in the chain of the application; words and answers
stand sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from equipoise.record.events import Signed, event


class AskEvent(Signed, frozen=True, kw_only=True):
    """Something about an ask, made of a decision's applicant."""

    ask: str
    decision: str

    def public(self, chain: str) -> Mapping[str, Any]:
        """As others' systems are told it."""
        return {"id": self.ask, "decision": self.decision, "application": chain}


@event("case.asked", 1)
class CaseAsked(AskEvent, frozen=True, kw_only=True):
    """The applicant is asked for a `fact` of the contract's or a `document` (`about` names it), or
    a `question` in words, to be answered as `answer` says, by `due_on`, a day of the lender's; or
    to show a `check` (`about` names it) that a person's yes waits for. Sealed in `words` are the
    question and why it is asked, by language."""

    what: str
    about: str
    answer: str
    due_on: str
    words: Mapping[str, Any]

    def public(self, chain: str) -> Mapping[str, Any]:
        """As others' systems are told it."""
        question = {"what": self.what, "about": self.about, "answer": self.answer}
        return {**super().public(chain), **question, "due_on": self.due_on}


@event("case.answered", 1)
class CaseAnswered(AskEvent, frozen=True, kw_only=True):
    """The applicant answered over a channel: sealed in `words` what was typed and how it was read,
    and by these `papers`."""

    channel: str
    words: Mapping[str, Any]
    papers: Sequence[str]
    at: str


@event("case.ask_withdrawn", 1)
class AskWithdrawn(AskEvent, frozen=True, kw_only=True):
    """It is not needed any more: a person took it back (`withdrawn`; of a condition: waived it,
    and says why, sealed in `words`), or the application was `decided` without it."""

    why: str
    words: Mapping[str, Any] | None = None

    def public(self, chain: str) -> Mapping[str, Any]:
        """As others' systems are told it."""
        return {**super().public(chain), "why": self.why}


@event("case.ask_met", 1)
class AskMet(AskEvent, frozen=True, kw_only=True):
    """A person saw that a condition of a yes is met; sealed in `words` is what they saw."""

    words: Mapping[str, Any]


@event("case.ask_lapsed", 1)
class AskLapsed(AskEvent, frozen=True, kw_only=True):
    """Nobody answered by its day. Nothing is decided by that; a yes that waited for it ends."""
