"""What `fit` and `balance` end with: levels, changes, what they rest on, in the report's words."""

from __future__ import annotations

from equipoise.balance.result_document import BalanceResult
from equipoise.cli import printing
from equipoise.report.basis import grounds
from equipoise.report.story import Place, Story
from equipoise.report.trust import verdict
from equipoise.report.wording import (
    RULE,
    decimals_between,
    growth,
    level_text,
    loss,
    shown,
)
from equipoise.risk.fit_result import FitResult
from equipoise.workspace.rejects import RejectSensitivity


def fitted(fit: FitResult, *, as_json: bool) -> None:
    """The models and how they do on data they have not seen."""
    if as_json:
        printing.document(fit.as_dict())
        return
    columns = ("model", "kind", "features", "train", "test", "AUC", "KS", "Brier")
    rows = [
        [
            model.name + (" *" if model.used_for_pd else ""),
            model.kind,
            str(len(model.features)),
            counted(model.n_train),
            counted(model.n_test),
            *(f"{measure:.4f}" for measure in (model.auc, model.ks, model.brier)),
        ]
        for model in fit.models
    ]
    printing.table(f"{fit.workspace}: {fit.models[0].split}", columns, rows)
    printing.line(
        f"* gives the PD; train, test: loans. {counted(fit.rows)} applications, "
        f"{counted(fit.outcome.known)} with a known outcome, {counted(fit.outcome.bads)} of them "
        f"bad. {fit.seconds:.1f} s."
    )
    printing.line(printing.plain(f"Can the model be trusted? {verdict(fit).text}"))
    printing.notes("To know", fit.notes)
    used = fit.used_model
    left = [f"{name}: {why}" for name, why in used.dropped.items()]
    printing.notes(f"Not in {used.name}", left)


def balanced(
    balance: BalanceResult, rejects: RejectSensitivity | None = None, *, as_json: bool
) -> None:
    """Today beside the recommendation, what it rests on, and the certificate."""
    if as_json:
        besides = {} if rejects is None else {"reject_inference": rejects.as_dict()}
        printing.document({**balance.as_dict(), **besides})
        return
    story = Story.of(balance, balance.workspace)
    moves = balance.recommended
    places: dict[str, Place] = {"today": balance.champion}
    for name, move in (("same_risk", moves.same_risk), ("same_experience", moves.same_experience)):
        if move is not None:
            mark = " *" if moves.chosen == name else ""
            places[name.replace("_", " ") + mark] = move
    rows = [_measure(story, name, places) for name in story.measures]
    title = f"{story.name}: {counted(balance.applicants)} applications"
    printing.table(title, ("measure", *places, "change"), rows)
    printing.line(
        f"* recommended. Change: from today, rates in percentage points. {printing.plain(RULE)}"
    )
    if losing := loss(story):
        printing.line(printing.plain(" ".join(losing)))
    for ground in grounds(story):
        printing.line(printing.plain(f"{ground.title} {ground.text}"))
    certificate = balance.certificate
    printing.line(
        f"Gap {certificate.gap:.2g} and violation {certificate.violation:.2g} of the recommended "
        f"move; largest of {len(balance.frontier)} frontier points: gap "
        f"{certificate.frontier_gap:.2g}. {balance.seconds:.1f} s."
    )
    if story.currency == "":
        printing.line("Amounts are in currency units: the contract names no currency.")
    printing.notes("Warnings", balance.warnings)
    if rejects is not None:
        _rejects(rejects)


def _rejects(rejects: RejectSensitivity) -> None:
    """Both policies under each reading of those not booked; the balance above rests on the base."""
    rows = []
    for each in rejects.readings:
        today, moved = each.today, each.recommended
        rate = 100 * moved["expected_loss_rate"]
        rows.append(
            [
                each.reading,
                f"{each.pd_not_booked:.2%}",
                f"{rate:.2f} ({rate - 100 * today['expected_loss_rate']:+.2f})",
                *(
                    f"{printing.figure(moved[name])} ({moved[name] - today[name]:+,.0f})"
                    for name in ("profit", "approvals")
                ),
            ]
        )
    columns = ("those not booked", "their PD", "loss rate, %", "profit", "approvals")
    title = (
        f"If the {rejects.not_booked:.0%} not booked are other than they look: the recommended "
        "move (change from today), chosen as above"
    )
    printing.table(title, columns, rows)
    meant = [f"{each.reading}: {each.assumes}" for each in rejects.readings]
    printing.notes("What each assumes", meant)


def _measure(story: Story, name: str, places: dict[str, Place]) -> list[str]:
    """A measure's row: its label with its unit, its level at each place, the change."""
    unit, label = story.measure(name).unit, story.measure(name).label
    before, after = story.level(name, story.champion), story.level(name, story.chosen)
    scale = 100 if unit == "share" else 1
    decimals = decimals_between((before or 0.0) * scale, (after or 0.0) * scale, unit)
    levels = [level_text(story.level(name, place), unit, decimals) for place in places.values()]
    change = ""
    if before is not None and after is not None:
        change = shown(story, before, after, unit).change.replace("percentage ", "")
        change = change if unit == "share" else growth(story, name) or change
    head = story.head(label) if unit == "money" else label
    return [printing.plain(text) for text in (head, *levels, change)]


def counted(value: int) -> str:
    """How many, with commas between thousands."""
    return f"{value:,}"
