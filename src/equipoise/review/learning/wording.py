"""What a ranking's rows say to a person: the experiment, what it costs, and what would change."""

from __future__ import annotations

from equipoise.review.learning.result_document import Assumption, Estimated, PlannedExperiment
from equipoise.texts.numbers import fixed, percent, written
from equipoise.texts.saying import joined, marked, say

KINDS = {
    "count": marked("Count it among those served as today"),
    "look_up": marked("Look it up in your own books"),
    "time": marked("Time it with those who come to it"),
    "follow": marked("Follow what is lost of loans that go bad"),
    "not_acted": marked("Record the check's result and do not act on it, for a part"),
    "price": marked("Try another price on a part"),
    "amount": marked("Try another amount on a part"),
    "journey": marked("Send a part through another journey"),
    "hold_back": marked("Hold the answer back by two days for a part"),
}


def share_words(value: float) -> str:
    """A share in whole per cent."""
    return f"{fixed(100 * value, 0)}{written().percent}"


def worth_words(worth: Estimated) -> str:
    """What knowing is worth, with its interval."""
    return say(
        "{value} ({low} to {high})",
        value=fixed(worth.value, 3),
        low=fixed(worth.low, 3),
        high=fixed(worth.high, 3),
    )


def experiment_words(experiment: PlannedExperiment | None) -> str:
    """What to do, in a sentence without figures."""
    if experiment is None:
        return say("The menu has nothing to try it with")
    return say(KINDS[experiment.kind])


def change_words(one: Assumption) -> str:
    """What knowing it would change: the decision, from which value on, or the promise alone."""
    if one.tips_below is None and one.tips_above is None:
        return say("The promise, not the decision") if one.evpi.low <= 0 else say("The decision")
    sides = []
    if one.tips_below is not None:
        sides.append(say("under {value}", value=f"{one.tips_below:.3g}"))
    if one.tips_above is not None:
        sides.append(say("over {value}", value=f"{one.tips_above:.3g}"))
    return say(
        "The decision {where}: {share} of applicants are treated otherwise",
        where=joined(sides, " and "),
        share=percent(one.changed),
    )
