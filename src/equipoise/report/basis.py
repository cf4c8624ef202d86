"""What the answer rests on, one sentence or two each: what is certified, measured, assumed."""

from __future__ import annotations

from collections import Counter

from equipoise.report.blocks import Ground
from equipoise.report.story import Record, Story, complete, record, records
from equipoise.texts.numbers import aligned, count, percent, plain, points, real

KINDS = ("measured", "assumed", "simulated")
HEAVIEST = 3
AT_THE_EDGE = 0.25  # of the offers
_TODAY = {
    "today": "what each applicant is offered",
    "apr": "its price",
    "amount": "the amount asked",
    "term_months": "the term",
    "monthly_income": "the applicants' income",
}
_BEYOND = {
    ("price", "lowest"): "a lower price",
    ("price", "highest"): "a higher price",
    ("amount", "lowest"): "a smaller amount",
    ("amount", "highest"): "a larger amount",
    ("term", "lowest"): "a shorter term",
    ("term", "highest"): "a longer term",
}


def grounds(story: Story) -> list[Ground]:
    """Everything the answer rests on, in the order a board asks."""
    found = [
        _certified(story),
        _inputs(story),
        _today(story),
        _stricter(story),
        _edges(story),
        _outcomes(story),
    ]
    return [ground for ground in found if ground is not None]


def _certified(story: Story) -> Ground | None:
    """The optimisation, given the model; never the model."""
    certificate = story.certificate
    gap, violation = real(certificate.get("gap")), real(certificate.get("violation"))
    if gap is None:
        return None
    bound = "no policy within the same limits is better"
    if gap > 0:
        bound += f" by more than {_tiny(gap)}"
    held = ""
    if violation is not None:
        held = (
            "; every limit holds"
            if violation <= 1e-9
            else f"; a limit is passed by {_tiny(violation)}"
        )
    unfinished = _unfinished(story)
    text = (
        f"the choice, given the model: {bound}{held}. "
        f"The model itself is not certified.{unfinished}"
    )
    return Ground("Certified:", text, "warn" if unfinished or gap > 1e-3 else "plain")


def _unfinished(story: Story) -> str:
    of = ["the move"] if story.chosen.get("finished") is False else []
    stopped = [p for p in records(story.balance, "frontier") if p.get("finished") is False]
    if stopped:
        total = len(records(story.balance, "frontier"))
        of.append(f"{count(len(stopped))} of the frontier's {count(total)} points")
    return f" The limit of work ended the search for {_listed(of)}." if of else ""


def _tiny(share: float) -> str:
    return "0.0001 %" if 0 < share < 1e-6 else percent(share)


def _inputs(story: Story) -> Ground | None:
    """How many inputs are measured, assumed, simulated; the heaviest assumptions by name."""
    rows = records(story.balance, "provenance")
    if not rows:
        return None
    counted = Counter(str(row.get("provenance") or "not said") for row in rows)
    kinds = [*KINDS, *(kind for kind in counted if kind not in KINDS)]
    text = ", ".join(f"{counted[kind]} {kind}" for kind in kinds)
    heavy = heaviest(story)
    if heavy:
        named = "; ".join(
            f"{row['label'][:1].lower()}{row['label'][1:]} (gain {_span(story, row)})"
            for row in heavy
        )
        kind = "assumptions" if heavy[0].get("provenance") == "assumed" else "inputs"
        text += f". Heaviest {kind}: {named}"
    return Ground(f"{count(len(rows))} inputs:", f"{text}.")


def heaviest(story: Story) -> list[Record]:
    """The inputs that move the gain most, assumed ones first: those can be measured."""
    rows = complete(records(story.balance, "tornado"), "gain_at_low", "gain_at_high")
    moved = [row for row in rows if row["gain_at_low"] != row["gain_at_high"]]
    assumed = [row for row in moved if row.get("provenance") == "assumed"]
    ordered = sorted(
        assumed or moved, key=lambda row: -abs(row["gain_at_high"] - row["gain_at_low"])
    )
    return [{**row, "label": label_of(row)} for row in ordered[:HEAVIEST]]


def label_of(row: Record) -> str:
    """An input's label; its name where a result has none."""
    return str(row.get("label") or row.get("quantity") or row.get("input") or "")


def _span(story: Story, row: Record) -> str:
    low, high = sorted((float(row["gain_at_low"]), float(row["gain_at_high"])))
    if story.gain_unit == "share":
        return f"{points(low).split(' ')[0]} to {points(high)}"
    return " to ".join(aligned([low, high]))


def _today(story: Story) -> Ground | None:
    """Whether today's policy stands in the data or was assumed."""
    assumed = story.champion.get("assumed")
    if not isinstance(assumed, list):
        return None
    parts = [_TODAY[name] for name in _TODAY if name in assumed]
    if "today" in assumed or "apr" in assumed:
        text = (
            f"the data do not say {_listed(parts)}, so treatments.yaml takes the same for "
            "everybody. The gain is over that, not over what the lender really does: give the "
            "columns before believing it"
        )
        return Ground("Today is assumed:", f"{text}.", "warn")
    if parts:
        return Ground("Assumed of everybody:", f"{_listed(parts)} (treatments.yaml).", "warn")
    return Ground("Today:", "what each applicant is offered today is read from the data.")


def _listed(parts: list[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _stricter(story: Story) -> Ground | None:
    """Why the move is held to less risk than today's, with its numbers."""
    curse, x = record(story.balance, "curse"), story.x
    today, budget = real(curse.get("today")), real(curse.get("budget"))
    if today is None or budget is None:
        return None
    if budget >= today:
        return Ground(
            "Same risk:", f"held to today's {story.quantity(today, x.unit)}; {_not_cut(curse)}."
        )
    outcomes = real(curse.get("outcomes"))
    on = f" on {count(outcomes)} loans with a known outcome" if outcomes else ""
    text = (
        f"held to {story.quantity(budget, x.unit)}, not today's {story.quantity(today, x.unit)}. "
        f"Choosing by estimates favours those estimated too low: out of fold, losses came to "
        f"{_to_three(curse.get('ratio'))} of those foretold{on}, and could be up to "
        f"{_to_three(curse.get('upper'))} (one-sided 95 %); today's level is divided by that"
    )
    return Ground("“Same risk” is stricter than today:", f"{text}.")


def _not_cut(curse: Record) -> str:
    return str(curse.get("note") or "nothing was cut for the optimiser's curse")


def _to_three(value: object) -> str:
    """A ratio near one, with the digits that tell it from one."""
    x = real(value)
    return plain(None) if x is None else f"{x:.3f}"


def _edges(story: Story) -> Ground | None:
    """Offers at the menu's edge: the best may lie beyond it."""
    rows = complete(records(story.balance, "menu_edges"), "offers", "of", "at")
    crowded = [row for row in rows if row["of"] and row["offers"] / row["of"] >= AT_THE_EDGE]
    if not crowded:
        return None
    said = [
        f"{percent(row['offers'] / row['of'])} of offers ({count(row['offers'])} of "
        f"{count(row['of'])}) take {_edge(row)}"
        for row in crowded
    ]
    beyond = [_BEYOND.get((str(row.get("part")), str(row.get("end"))), "more") for row in crowded]
    better = f"{_listed(beyond).capitalize()} might do better still: widen the menu to see"
    return Ground("At the menu's edge:", f"{'; '.join(said)}. {better}.", "warn")


def _edge(row: Record) -> str:
    at, part = float(row["at"]), row.get("part")
    if part == "price":
        way = "below" if at < 0 else "above"
        where = f"{points(abs(at))} {way} today's" if at else "today's"
        return f"the {row['end']} price ({where})"
    if part == "amount":
        size = "smallest" if row["end"] == "lowest" else "largest"
        return f"the {size} amount ({percent(at)} of what is asked)"
    change = (
        f"{plain(abs(at))} months {'shorter' if at < 0 else 'longer'} than asked"
        if at
        else "as asked"
    )
    return f"the {'shortest' if row['end'] == 'lowest' else 'longest'} term ({change})"


def _outcomes(story: Story) -> Ground | None:
    """Applications and outcomes are counted apart."""
    outcome = record(story.fit, "outcome")
    known, bads = real(outcome.get("judged")), real(outcome.get("bads"))
    people = real(story.balance.get("applicants"))
    if known is None or people is None:
        return None
    text = f"{count(people)} applications are valued; the models learn from {count(known)} outcomes"
    if bads is not None:
        text += f", {count(bads)} of them bad"
    unknown = real(outcome.get("unknown"))
    if unknown:
        text += (
            f". For the {count(unknown)} without an outcome, mostly those not booked, the PD is "
            "carried over from these"
        )
    return Ground("Data:", f"{text}.")
