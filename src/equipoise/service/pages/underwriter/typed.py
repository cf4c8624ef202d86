"""What an underwriter typed about a case: kept as it was typed until it is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict

from equipoise.authority.override import Answer
from equipoise.errors import BadInput
from equipoise.service.contexts.cases.reading import terms_of
from equipoise.service.contexts.cases.services import Answered, Wanted
from equipoise.service.pages.underwriter.asking import TypedAsk, typed_ask
from equipoise.strategy.offering import Limits, Terms
from equipoise.texts.saying import say

_WAIVE = "waive-"
_MOST, _MOST_WORDS, _MOST_REASONS = 40, 2000, 20


@dataclass(frozen=True, slots=True)
class Typed:
    """An answer as it was typed; `decision` is the one that was read, and `seen` the last thing
    that the page told of."""

    decision: str = ""
    seen: int = 0
    answer: str = ""
    amount: str = ""
    months: str = ""
    apr: str = ""
    reasons: Sequence[str] = ()
    reason: str = ""
    words: str = ""
    back: str = ""
    waived: Mapping[str, str] = field(default_factory=dict)
    review: str = ""
    review_words: str = ""
    note: str = ""
    asking: TypedAsk = field(default_factory=TypedAsk)
    faults: Mapping[str, str] = field(default_factory=dict)

    def terms(self) -> Terms:
        """The terms that were typed. Raises BadInput by the box that cannot be read."""
        amount, months, apr = (_number(self, name) for name in ("amount", "months", "apr"))
        return terms_of(amount, months, round(apr / 100, 10))

    def answered(self) -> Answered:
        """The answer of whoever decides. Raises BadInput where it is none."""
        if self._yes_or_no() == "decline":
            return Answered("decline", self.words, None, tuple(self.reasons))
        return Answered("approve", self.words, self.terms(), tuple(self.reasons), self.waived)

    def override(self) -> Wanted:
        """What is wanted in place of the strategy's answer. Raises BadInput where it is nothing."""
        answer = self._yes_or_no()
        terms = self.terms() if answer == "approve" and self.amount else None
        return Wanted(answer, self.reason, self.words, terms)

    def _yes_or_no(self) -> Answer:
        if self.answer not in ("approve", "decline"):
            raise BadInput("say yes or no", field="answer")
        if not self.words:
            raise BadInput("say why, for colleagues", field="words")
        return "approve" if self.answer == "approve" else "decline"


def typed_in(sent: QueryDict) -> Typed:
    """What was sent, bounded."""
    seen = sent.get("seen", "")
    return Typed(
        decision=sent.get("decision", "")[:60],
        seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 19 else 0,
        answer=sent.get("answer", "")[:_MOST],
        amount=sent.get("amount", "")[:_MOST],
        months=sent.get("months", "")[:_MOST],
        apr=sent.get("apr", "")[:_MOST],
        reasons=tuple(each[:_MOST] for each in sent.getlist("reasons")[:_MOST_REASONS]),
        reason=sent.get("reason", "")[:_MOST],
        words=_words(sent, "words"),
        back=_words(sent, "back"),
        waived=_waived(sent),
        review=sent.get("review", "")[:_MOST],
        review_words=_words(sent, "review_words"),
        note=_words(sent, "note"),
        asking=typed_ask(sent) if "subject" in sent else TypedAsk(),
    )


def at_first(within: Limits | None, offer: Mapping[str, float] | None, decision: str) -> Typed:
    """What stands in the boxes before anybody typed: the strategy's own offer, else what was asked
    for."""
    if within is None:
        return Typed(decision=decision)
    asked = within.asked
    amount, months, apr = (
        (asked.amount, asked.months, asked.apr)
        if offer is None
        else (offer["amount"], offer["months"], offer["apr"])
    )
    texts = (f"{amount:.12g}", f"{months:g}", f"{100 * apr:.6g}")
    return Typed(decision=decision, amount=texts[0], months=texts[1], apr=texts[2])


def _waived(sent: QueryDict) -> dict[str, str]:
    named = [name for name in sent if name.startswith(_WAIVE)][:_MOST_REASONS]
    said = {name.removeprefix(_WAIVE)[:_MOST]: _words(sent, name) for name in named}
    return {name: why for name, why in said.items() if why}


def _words(sent: QueryDict, name: str) -> str:
    return sent.get(name, "").replace("\x00", "").strip()[:_MOST_WORDS]


def _number(typed: Typed, name: str) -> float:
    text = getattr(typed, name).replace(",", "").replace(" ", "").rstrip("%")
    try:
        return float(text)
    except ValueError:
        raise BadInput(say("This is no number."), field=f"terms.{name}") from None
