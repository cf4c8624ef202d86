"""What the answer rests on, one sentence or two each: what is certified, measured, assumed."""

from __future__ import annotations

from collections import Counter

from equipoise.balance.result_document import CurseOfChoice, MenuEdge, TornadoBar
from equipoise.report.blocks import Ground
from equipoise.report.story import Story
from equipoise.texts.numbers import POINTS, aligned, count, percent, plain, points, span
from equipoise.texts.saying import joined, marked, retold, say

KINDS = (marked("measured"), marked("assumed"), marked("simulated"))
NOT_SAID = marked("not said")
HEAVIEST = 3
AT_THE_EDGE = 0.25  # of the offers
_TODAY = {
    "today": marked("what each applicant is offered"),
    "apr": marked("its price"),
    "amount": marked("the amount asked"),
    "term_months": marked("the term"),
    "monthly_income": marked("the applicants' income"),
}
MORE = marked("more")
_BEYOND = {
    ("price", "lowest"): marked("a lower price"),
    ("price", "highest"): marked("a higher price"),
    ("amount", "lowest"): marked("a smaller amount"),
    ("amount", "highest"): marked("a larger amount"),
    ("term", "lowest"): marked("a shorter term"),
    ("term", "highest"): marked("a longer term"),
}


def grounds(story: Story) -> list[Ground]:
    """Everything the answer rests on, in the order a board asks."""
    grounded = [
        _certified(story),
        _inputs(story),
        _today(story),
        _stricter(story),
        _edges(story),
        _outcomes(story),
    ]
    return [ground for ground in grounded if ground is not None]


def _certified(story: Story) -> Ground:
    """The optimisation, given the model; never the model."""
    gap, violation = story.chosen.gap, story.chosen.violation
    bound = say(
        "no policy within the same limits is better by more than {gap}"
        if gap > 0
        else "no policy within the same limits is better",
        gap=_tiny(gap),
    )
    held = (
        say("; every limit holds")
        if violation <= 1e-9
        else say("; a limit is passed by {violation}", violation=_tiny(violation))
    )
    unfinished = _unfinished(story)
    text = say(
        "the choice, given the model: {bound}{held}. The model itself is not "
        "certified.{unfinished}",
        bound=bound,
        held=held,
        unfinished=unfinished,
    )
    return Ground(say("Certified:"), text, "warn" if unfinished or gap > 1e-3 else "plain")


def _unfinished(story: Story) -> str:
    of = [] if story.chosen.finished else [say("the move")]
    stopped = [point for point in story.balance.frontier if not point.finished]
    if stopped:
        total = len(story.balance.frontier)
        of.append(
            say(
                "{stopped} of the frontier's {total} points",
                stopped=count(len(stopped)),
                total=count(total),
            )
        )
    return say(" The limit of work ended the search for {of}.", of=_listed(of)) if of else ""


def _tiny(share: float) -> str:
    return say("0.0001 %") if 0 < share < 1e-6 else percent(share)


def _inputs(story: Story) -> Ground | None:
    """How many inputs are measured, assumed, simulated; the heaviest assumptions by name."""
    rows = story.balance.provenance
    if not rows:
        return None
    counted = Counter(row.provenance or NOT_SAID for row in rows)
    kinds = [*KINDS, *(kind for kind in counted if kind not in KINDS)]
    text = joined(
        (say("{inputs} {kind}", inputs=counted[kind], kind=say(kind)) for kind in kinds), ", "
    )
    heavy = heaviest(story)
    if heavy:
        named = joined(
            (
                say(
                    "{label} (gain {gains})",
                    label=row.label[:1].lower() + row.label[1:],
                    gains=_gains(story, row),
                )
                for row in heavy
            ),
            "; ",
        )
        assumed = heavy[0].provenance == "assumed"
        text += (
            say(". Heaviest assumptions: {named}", named=named)
            if assumed
            else say(". Heaviest inputs: {named}", named=named)
        )
    return Ground(
        say("{inputs} inputs:", inputs=count(len(rows))), say("{sentence}.", sentence=text)
    )


def heaviest(story: Story) -> list[TornadoBar]:
    """The inputs that move the gain most, assumed ones first: those can be measured."""
    moved = [row for row in story.balance.tornado if row.gain_at_low != row.gain_at_high]
    assumed = [row for row in moved if row.provenance == "assumed"]
    ordered = sorted(assumed or moved, key=lambda row: -abs(row.gain_at_high - row.gain_at_low))
    return [
        row.model_copy(update={"label": label_of(row.label, row.quantity)})
        for row in ordered[:HEAVIEST]
    ]


def label_of(label: str, name: str) -> str:
    """An input's label; its name where a result has none."""
    return retold(label or name)


def _gains(story: Story, row: TornadoBar) -> str:
    low, high = sorted((row.gain_at_low, row.gain_at_high))
    if story.gain_unit == "share":
        return span(points(low).removesuffix(say(POINTS, change="")), points(high))
    return span(*aligned([low, high]))


def _today(story: Story) -> Ground:
    """Whether today's policy stands in the data or was assumed."""
    assumed = story.champion.assumed
    parts = [say(_TODAY[name]) for name in _TODAY if name in assumed]
    if "today" in assumed or "apr" in assumed:
        text = say(
            "the data do not say {parts}, so treatments.yaml takes the same for "
            "everybody. The gain is over that, not over what the lender really does: "
            "give the columns before believing it",
            parts=_listed(parts),
        )
        return Ground(say("Today is assumed:"), say("{sentence}.", sentence=text), "warn")
    if parts:
        return Ground(
            say("Assumed of everybody:"),
            say("{parts} (treatments.yaml).", parts=_listed(parts)),
            "warn",
        )
    return Ground(say("Today:"), say("what each applicant is offered today is read from the data."))


def _listed(parts: list[str]) -> str:
    return joined([joined(parts[:-1], ", "), parts[-1]], " and ") if len(parts) > 1 else parts[0]


def _stricter(story: Story) -> Ground:
    """Why the move is held to less risk than today's, with its numbers."""
    curse, x = story.balance.curse, story.x
    today, budget = curse.today, curse.budget
    if budget >= today:
        return Ground(
            say("Same risk:"),
            say(
                "held to today's {today}; {not_cut}.",
                today=story.quantity(today, x.unit),
                not_cut=_not_cut(curse),
            ),
        )
    on = (
        say(" on {outcomes} loans with a known outcome", outcomes=count(curse.outcomes))
        if curse.outcomes
        else ""
    )
    text = say(
        "held to {budget}, not today's {today}. Choosing by estimates favours "
        "those estimated too low: out of fold, losses came to {ratio} of those "
        "foretold{on}, and could be up to {upper} (one-sided 95 %); today's level "
        "is divided by that",
        budget=story.quantity(budget, x.unit),
        today=story.quantity(today, x.unit),
        ratio=_to_three(curse.ratio),
        on=on,
        upper=_to_three(curse.upper),
    )
    return Ground(say("“Same risk” is stricter than today:"), say("{sentence}.", sentence=text))


def _not_cut(curse: CurseOfChoice) -> str:
    return curse.note or say("nothing was cut for the optimiser's curse")


def _to_three(ratio: float | None) -> str:
    """A ratio near one, with the digits that tell it from one."""
    return plain(None) if ratio is None else f"{ratio:.3f}"


def _edges(story: Story) -> Ground | None:
    """Offers at the menu's edge: the best may lie beyond it."""
    rows = story.balance.menu_edges
    crowded = [row for row in rows if row.of and row.offers / row.of >= AT_THE_EDGE]
    if not crowded:
        return None
    edges = [
        say(
            "{share} of offers ({offers} of {of}) take {edge}",
            share=percent(row.offers / row.of),
            offers=count(row.offers),
            of=count(row.of),
            edge=_edge(row),
        )
        for row in crowded
    ]
    beyond = [say(_BEYOND.get((row.part, row.end), MORE)) for row in crowded]
    better = say(
        "{beyond} might do better still: widen the menu to see", beyond=_listed(beyond).capitalize()
    )
    return Ground(
        say("At the menu's edge:"),
        say("{offers}. {better}.", offers=joined(edges, "; "), better=better),
        "warn",
    )


def _edge(row: MenuEdge) -> str:
    at, part, lowest = row.at, row.part, row.end == "lowest"
    if part == "price":
        where = say("today's")
        if at:
            where = say(
                "{change} below today's" if at < 0 else "{change} above today's",
                change=points(abs(at)),
            )
        return say(
            "the lowest price ({where})" if lowest else "the highest price ({where})", where=where
        )
    if part == "amount":
        return say(
            "the smallest amount ({share} of what is asked)"
            if lowest
            else "the largest amount ({share} of what is asked)",
            share=percent(at),
        )
    change = say("as asked")
    if at:
        change = say(
            "{months} months shorter than asked" if at < 0 else "{months} months longer than asked",
            months=plain(abs(at)),
        )
    return say(
        "the shortest term ({change})" if lowest else "the longest term ({change})", change=change
    )


def _outcomes(story: Story) -> Ground | None:
    """Applications and outcomes are counted apart."""
    if story.fit is None:
        return None
    outcome = story.fit.outcome
    text = say(
        "{people} applications are valued; the models learn from {known} outcomes",
        people=count(story.balance.applicants),
        known=count(outcome.judged),
    )
    text += say(", {bads} of them bad", bads=count(outcome.bads))
    if outcome.unknown:
        text += say(
            ". For the {unknown} without an outcome, mostly those not booked, the PD "
            "is carried over from these",
            unknown=count(outcome.unknown),
        )
    return Ground(say("Data:"), say("{sentence}.", sentence=text))
