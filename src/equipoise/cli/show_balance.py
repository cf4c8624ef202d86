"""What `fit` and `balance` end with: levels, changes, what they rest on, in the report's words."""

from __future__ import annotations

from typing import Any

from equipoise.cli import printing
from equipoise.report.basis import grounds
from equipoise.report.story import Story
from equipoise.report.trust import verdict
from equipoise.report.wording import (
    RULE,
    decimals_between,
    growth,
    level_text,
    loss,
    shown,
)


def fitted(found: dict[str, Any], *, as_json: bool) -> None:
    """The models and how they do on data they have not seen."""
    if as_json:
        printing.document(found)
        return
    columns = ("model", "kind", "features", "train", "test", "AUC", "KS", "Brier")
    rows = [
        [
            model["name"] + (" *" if model["used_for_pd"] else ""),
            model["kind"],
            str(len(model["features"])),
            counted(model["n_train"]),
            counted(model["n_test"]),
            *(f"{model[key]:.4f}" for key in ("auc", "ks", "brier")),
        ]
        for model in found["models"]
    ]
    printing.table(f"{found['workspace']}: {found['models'][0]['split']}", columns, rows)
    outcome = found.get("outcome") or {}
    known, bads = (counted(outcome.get(key, 0)) for key in ("known", "bads"))
    printing.line(
        f"* gives the PD; train, test: loans. {counted(found['rows'])} applications, {known} with "
        f"a known outcome, {bads} of them bad. {found['seconds']:.1f} s."
    )
    if trust := verdict(Story.of(found, {}, [], found["workspace"])):
        printing.line(printing.plain(f"Can the model be trusted? {trust.text}"))
    printing.notes("To know", found["notes"])
    used = next(model for model in found["models"] if model["used_for_pd"])
    left = [f"{name}: {why}" for name, why in (used.get("dropped") or {}).items()]
    printing.notes(f"Not in {used['name']}", left)


def balanced(found: dict[str, Any], *, as_json: bool) -> None:
    """Today beside the recommendation, what it rests on, and the certificate."""
    if as_json:
        printing.document(found)
        return
    story = Story.of({}, found, [], str(found.get("workspace", "")))
    recommended = found.get("recommended") or {}
    places = {"today": story.champion}
    for name in ("same_risk", "same_experience"):
        if recommended.get(name):
            mark = " *" if recommended.get("chosen") == name else ""
            places[name.replace("_", " ") + mark] = recommended[name]
    rows = [_measure(story, name, places) for name in story.measures]
    title = f"{story.name}: {counted(found.get('applicants') or 0)} applications"
    printing.table(title, ("measure", *places, "change"), rows)
    printing.line(
        f"* recommended. Change: from today, rates in percentage points. {printing.plain(RULE)}"
    )
    if said := loss(story):
        printing.line(printing.plain(" ".join(said)))
    for ground in grounds(story):
        printing.line(printing.plain(f"{ground.title} {ground.text}"))
    certificate = found.get("certificate") or {}
    printing.line(
        f"Gap {certificate.get('gap', float('nan')):.2g} and violation "
        f"{certificate.get('violation', float('nan')):.2g} of the recommended move; largest of "
        f"{len(found.get('frontier') or [])} frontier points: gap "
        f"{certificate.get('frontier_gap', float('nan')):.2g}. {found.get('seconds', 0.0):.1f} s."
    )
    if story.currency == "":
        printing.line("Amounts are in currency units: the contract names no currency.")
    printing.notes("Warnings", found.get("warnings") or [])
    if "reject_inference" in found:
        _rejects(found["reject_inference"])


def _rejects(found: dict[str, Any]) -> None:
    """Both policies under each reading of those not booked; the balance above rests on the base."""
    rows = []
    for each in found["readings"]:
        today, moved = each["today"], each["recommended"]
        rate = 100 * moved["expected_loss_rate"]
        rows.append(
            [
                each["reading"],
                f"{each['pd_not_booked']:.2%}",
                f"{rate:.2f} ({rate - 100 * today['expected_loss_rate']:+.2f})",
                *(
                    f"{printing.figure(moved[name])} ({moved[name] - today[name]:+,.0f})"
                    for name in ("profit", "approvals")
                ),
            ]
        )
    columns = ("those not booked", "their PD", "loss rate, %", "profit", "approvals")
    title = (
        f"If the {found['not_booked']:.0%} not booked are other than they look: the recommended "
        "move (change from today), chosen as above"
    )
    printing.table(title, columns, rows)
    meant = [f"{each['reading']}: {each['assumes']}" for each in found["readings"]]
    printing.notes("What each assumes", meant)


def _measure(story: Story, name: str, places: dict[str, Any]) -> list[str]:
    """A measure's row: its label with its unit, its level at each place, the change."""
    unit, label = story.measure(name).unit, story.measure(name).label
    before, after = story.level(name, story.champion), story.level(name, story.chosen)
    scale = 100 if unit == "share" else 1
    decimals = decimals_between((before or 0.0) * scale, (after or 0.0) * scale, unit)
    levels = [level_text(story.level(name, place), unit, decimals) for place in places.values()]
    told = ""
    if before is not None and after is not None:
        told = shown(story, before, after, unit).change.replace("percentage ", "")
        told = told if unit == "share" else growth(story, name) or told
    head = story.head(label) if unit == "money" else label
    return [printing.plain(text) for text in (head, *levels, told)]


def counted(value: int) -> str:
    """How many, with commas between thousands."""
    return f"{value:,}"
