"""What was found of overrides, in sentences: what came of them, and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from equipoise.service.contexts.hindsight.reading import Ends, Finding, Next, Side
from equipoise.texts.numbers import ABSENT, count, fixed, percent, span
from equipoise.texts.saying import marked, say

ANSWERS: Mapping[str, str] = {
    "loses_money": marked("loses money"),
    "earns": marked("earns"),
    "worse_than_expected": marked("worse than the model said"),
    "better_than_expected": marked("better than the model said"),
    "turns_away_good": marked("turns away good customers"),
    "spares_losses": marked("spares losses"),
    "open": marked("not settled yet"),
    "too_few": marked("too few known outcomes"),
    "too_young": marked("too young: none was watched for the whole window"),
    "not_known": marked("nothing to hold them against"),
    "withheld": marked("one person's, and theirs to see"),
    "none": "",
}
_ADVICE: Mapping[str, str] = {
    "retire": marked("Retire the reason: its safer half does not earn either."),
    "keep": marked("Keep it, and ask whether the model could know it."),
    "review": marked("Read the cases together."),
}


def sentence(finding: Finding) -> str:
    """What was found, its figures, and what to do next."""
    side = finding.figures
    said = [say(ANSWERS[finding.answer]), *_figures(side)]
    return say("{what}. {advice}", what="; ".join(said), advice=advice(finding.next))


def _figures(side: Side) -> list[str]:
    if side.basis == "observed":
        known = say("{bad} bad of {known} known", bad=count(side.bad), known=count(side.known))
        expected = side.expected_bad
        more = [] if expected is None else [say("{n} expected by now", n=fixed(expected, 1))]
        return [known, *more, *([] if side.money is None else [money(side.money)])]
    figures = [say("{n} turned away", n=count(side.n))]
    if side.inferred is not None:
        figures.append(say("{money} if they are like accepted ones", money=money(side.inferred)))
    if side.breaks_even_at is not None:
        figures.append(
            say("nothing if {times} times as often bad", times=fixed(side.breaks_even_at, 1))
        )
    return figures


def advice(then: Next) -> str:
    """What to do next, in a sentence."""
    if then.action == "tighten" and then.pd_up_to is not None:
        return say("Tighten: allow it up to a PD of {pd}, where it earned.",
                   pd=percent(then.pd_up_to))  # fmt: skip
    if then.action == "test":
        if then.cases is None:
            return say("Test: lend to some of them drawn at random, and see.")
        return say("Test: lend to {n} of them drawn at random, and see.", n=count(then.cases))
    if then.action == "watch":
        if then.cases is None:
            return say("Keep and watch.")
        return say("Keep and watch: {n} more tell.", n=count(then.cases))
    return say(_ADVICE[then.action]) if then.action in _ADVICE else ""


def answer_text(side: Side) -> str:
    """A side's answer for a table, with how many more would tell."""
    answer = ANSWERS[side.answer]
    if not answer:
        return ABSENT
    waits = side.answer in {"open", "too_few"} and side.next is not None and side.next.cases
    if waits and side.next is not None and side.next.cases is not None:
        return say("{answer}, {n} more tell", answer=say(answer), n=count(side.next.cases))
    return say(answer)


def rate(ends: Ends | None) -> str:
    """A share with its interval."""
    if ends is None:
        return ABSENT
    return f"{percent(ends.value)} ({span(percent(ends.low), percent(ends.high))})"


def money(ends: Ends | None) -> str:
    """Money with its interval, in the currency of the loans."""
    if ends is None:
        return ABSENT
    return f"{fixed(ends.value, 0)} ({span(fixed(ends.low, 0), fixed(ends.high, 0))})"
