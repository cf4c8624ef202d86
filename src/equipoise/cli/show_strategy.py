"""What the commands of a strategy end with."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from equipoise.cli.printing import document, figure, line, notes, table
from equipoise.strategy.content import Content
from equipoise.strategy.decision import Decision
from equipoise.strategy.editions import CURRENT
from equipoise.strategy.explaining import for_auditor, for_customer, for_underwriter
from equipoise.strategy.files.decisions import Tally
from equipoise.strategy.sealing import Sealed
from equipoise.strategy.upgrading import Changed, Upgrade
from equipoise.value.measures import TABLE, label_of

if TYPE_CHECKING:  # the commands that decide come here too, and need no solver
    from equipoise.workspace.taking import TakenFromFrontier

MOST_PEOPLE = 20


def checked(facts: Mapping[str, Any], *, as_json: bool) -> None:
    """A strategy that may be sealed."""
    if as_json:
        document(dict(facts))
        return
    rows = [[key, str(facts[key])] for key in ("version", "choose", "rules", "tiers")]
    rows.append(["languages", ", ".join(facts["languages"])])
    table(f"{facts['strategy']} holds and may be sealed", ("", ""), rows)
    notes("To know", facts["notes"])


def sealed(unit: Sealed, path: Any, *, as_json: bool) -> None:
    """Where the sealed strategy is, and its digest."""
    strategy = unit.content.strategy
    if as_json:
        document(
            {
                "digest": unit.digest,
                "path": str(path),
                "strategy": strategy.name,
                "version": strategy.version,
                "choose": strategy.choose,
                "bytes": path.stat().st_size,
                "cautions": list(unit.content.cautions),
            }
        )
        return
    rows = [
        ["chosen by", strategy.choose],
        ["model", f"{unit.content.model.name} ({unit.content.model.kind})"],
        ["digest", unit.digest],
        ["size", f"{path.stat().st_size / 1e3:.0f} kB"],
    ]
    table(f"Sealed {strategy.name} v{strategy.version}", ("", ""), rows)
    line(str(path))
    notes("To know", unit.content.cautions)


def upgraded(upgrade: Upgrade, output: Path, change: Changed | None, *, as_json: bool) -> None:
    """The strategy sealed anew, and whom that changes."""
    if as_json:
        document(upgrade.as_dict() | {"path": str(output)} | (change.as_dict() if change else {}))
        return
    rows = [
        ["edition", f"{upgrade.edition or 1} to {CURRENT}"],
        ["digest before", upgrade.digest],
        ["digest", upgrade.after.digest],
        ["file", str(output)],
    ]
    table("Sealed anew", ("", ""), rows)
    if change is None:
        line("Add --on FILE, a file of applications, to see whom it changes.")
        return
    line(f"{change.people.height:,} of {change.rows:,} applications are answered otherwise.")
    moves = [[b, a, f"{n:,}"] for b, a, n in change.moves.iter_rows()]
    if moves:
        table("Whom it changes", ("before", "after", "applications"), moves)
        people = change.people.head(MOST_PEOPLE)
        listed = [[str(i), b, a, ", ".join(d)] for i, b, a, d in people.iter_rows()]
        table("The first of them", ("id", "before", "after", "what differs"), listed)


def taken(deployed: TakenFromFrontier, *, as_json: bool) -> None:
    """What was taken from the frontier, and what of it the strategy reaches."""
    if as_json:
        document(deployed.as_dict())
        return
    policies = {"today": deployed.today}
    if deployed.frontier is not None:
        policies["the point"] = deployed.frontier
    policies["the strategy"] = deployed.balance_out_of_fold
    if deployed.table_out_of_fold is not None:
        policies["as a table"] = deployed.table_out_of_fold
    rows = [
        [label_of(name), *(figure(totals[name]) for totals in policies.values())]
        for name in TABLE
        if name in deployed.today
    ]
    table(f"Taken from the frontier at {deployed.point}", ("", *policies), rows)
    line("All columns are valued by the balance's own model, with PDs out of fold.")
    axis = deployed.axis
    reached = deployed.balance_out_of_fold[axis]
    line(
        f"{label_of(axis)}: the point allows {figure(deployed.level)}, the strategy comes to "
        f"{figure(reached)} ({figure(deployed.balance[axis])} as it scores live)."
    )
    if deployed.model != deployed.balance_model:
        line(
            f"The strategy scores with '{deployed.model}' and the balance rests on "
            f"'{deployed.balance_model}': limits hold as the strategy scores, not as the balance "
            "values it. To decide by the balance's, name it as `model` in strategy.yaml."
        )
    line(f"One of the goal is worth {deployed.worth:,.4g} in money: {deployed.unit}.")
    line(
        f"Choosing by prices gives up {deployed.given_up:.3%} of the certified bound; "
        f"the largest breach of a limit is {deployed.violation:.2%}."
    )
    if deployed.table is not None:
        line(
            f"The table of {deployed.table['rules']} rows gives up "
            f"{deployed.given_up_by_table:.2%} of what the balance reaches; "
            f"its largest breach of a limit is {deployed.table['violation']:.2%}."
        )
    line(f"{deployed.strategy} is written; read it, then seal it.")


def decided(tally: Tally, output: str, digest: str, *, as_json: bool) -> None:
    """What a run came to."""
    if as_json:
        document(
            {
                "rows": tally.rows,
                "outcomes": dict(tally.outcomes),
                "traces": tally.traces,
                "seconds": tally.seconds,
                "output": output,
                "digest": digest,
            }
        )
        return
    rows = [
        [outcome.replace("_", " "), f"{count:,}", f"{count / tally.rows:.1%}"]
        for outcome, count in tally.outcomes.most_common()
    ]
    table(f"{tally.rows:,} decisions in {output}", ("outcome", "applications", "share"), rows)
    line(f"{tally.seconds:.1f} s, strategy {digest[:12]}")


def explained(content: Content, decision: Decision, lang: str | None, *, as_json: bool) -> None:
    """The three explanations of one decision."""
    languages = (lang,) if lang else content.strategy.languages
    words_in = [for_customer(decision, content, each) for each in languages]
    by_language = {words["language"]: words for words in words_in}
    worked = for_underwriter(decision, content)
    tree = for_auditor(decision, content)
    if as_json:
        explanation = {"customer": by_language, "underwriter": worked, "auditor": tree.as_dict()}
        document({**decision.as_dict(), "explanation": explanation})
        return
    for language, words in by_language.items():
        line(f"To the customer ({language})")
        line("  " + words["text"].replace("\n", "\n  "))
        line("")
    line("To the underwriter")
    for each in worked:
        line(f"  {each}")
    line("")
    line("To the auditor")
    for each in tree.lines(1):
        line(each)


NO_WAY: Mapping[str, str] = {
    "approve": "The answer is yes already, once checks still owed are in: no fact has to change.",
    "ask_for_more": "Nothing stands in the way so far: the journey goes on.",
    "counter_offer": "No change that the contract allows was found to bring more than the offer.",
}


def ways_back(ways: list[dict[str, Any]], outcome: str, *, as_json: bool) -> None:
    """What would turn the answer, easiest first."""
    if as_json:
        document(ways)
        return
    if not ways:
        line(
            NO_WAY.get(outcome, "No change that the contract allows was found to turn the answer.")
        )
        return
    rows = [
        [
            each["kind"].replace("_", " "),
            "; ".join(next(iter(change["said"].values())) for change in each["changes"]),
            each["outcome"].replace("_", " "),
            f"{each['days']:g}",
            each["valid_until"],
        ]
        for each in ways
    ]
    title = f"The answer is {outcome.replace('_', ' ')}; each of these turns it"
    table(title, ("kind", "changes", "then", "days", "holds until"), rows)


def as_sql(text: str, dialect: str, digest: str, *, as_json: bool) -> None:
    """The query."""
    if as_json:
        document({"dialect": dialect, "digest": digest, "sql": text})
        return
    line(text)
