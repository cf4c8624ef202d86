"""`balance`: where the lender stands, what could be reached, and the report."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from equipoise.balance.result_document import BalanceResult, Champion, Move
from equipoise.errors import BadInput
from equipoise.files import write_text
from equipoise.notebook.models import Model
from equipoise.notebook.shown import Shown, figure
from equipoise.progress import Progress
from equipoise.strategy.engine import Strategy
from equipoise.workspace.balancing import balance_workspace
from equipoise.workspace.folder import Workspace
from equipoise.workspace.reporting import report_workspace
from equipoise.workspace.results import CHOICES
from equipoise.workspace.strategies import seal_workspace
from equipoise.workspace.taking import RECOMMENDED, SAME_EXPERIENCE, from_frontier

_MOVES = {RECOMMENDED: "same risk", SAME_EXPERIENCE: "same experience"}


class Balance:
    """The balance of a lender: today, the certified frontier, and the recommended moves.

    `result` is what was found.
    """

    def __init__(
        self, workspace: Workspace, result: BalanceResult, model: Model | None = None
    ) -> None:
        self.workspace, self.result = workspace, result
        self._model = model  # whose folder must not go before this does

    @property
    def summary(self) -> dict[str, Any]:
        """What balance.json holds."""
        return self.result.as_dict()

    @property
    def recommended(self) -> dict[str, Any]:
        """The recommended move: its measures, its place on the axes, its certificate."""
        move = self._moves().get(self.result.recommended.chosen, self.result.recommended.same_risk)
        return move.model_dump(mode="json")

    @property
    def frontier(self) -> pl.DataFrame:
        """One row per point: x and y, the certificate's gap and violation, and every measure."""
        return pl.DataFrame(
            [
                {
                    "x": point.x,
                    "y": point.y,
                    "gap": point.gap,
                    "violation": point.violation,
                    **point.measures,
                }
                for point in self.result.frontier
            ]
        )

    @property
    def measures(self) -> pl.DataFrame:
        """One row per measure: today and each recommended move."""
        columns = self._columns()
        return pl.DataFrame(
            [
                {"measure": name, **{key: each.measures[name] for key, each in columns.items()}}
                for name in self.result.champion.measures
            ]
        )

    @property
    def choices(self) -> pl.DataFrame:
        """What the recommended move gives each applicant; `row` is the row of the data."""
        return pl.read_parquet(self.workspace.build / CHOICES)

    def report(self, path: Path | str | None = None) -> Path:
        """Write the report, one HTML file that opens offline, and say where it is."""
        made = report_workspace(self.workspace)
        if path is None:
            return made
        write_text(Path(path), made.read_text(encoding="utf-8"))
        return Path(path)

    def seal(self, point: str = RECOMMENDED) -> Strategy:
        """The strategy that a point of the frontier stands for, sealed and ready to decide.

        `point` is same_risk, same_experience, a number of the frontier's points from 1, or x=LEVEL.
        Writes the workspace's strategy.yaml, and the sealed file beside it.
        """
        from_frontier(self.workspace, point)
        return Strategy(seal_workspace(self.workspace)[0])

    @cached_property
    def strategy(self) -> Strategy:
        """The recommended move as a sealed strategy. Raises BadInput where sealing it would write
        into a workspace that is the user's own: there `seal` has to be asked for."""
        if self._model is None or not self._model.temporary:
            raise BadInput(
                "the balance is not sealed, and sealing writes strategy.yaml into the workspace",
                mend="decide with what `.seal()` returns",
            )
        return self.seal()

    def __repr__(self) -> str:
        return self._shown().text()

    def _repr_html_(self) -> str:
        return self._shown().html()

    def _moves(self) -> dict[str, Move]:
        """The moves that were found, by their names in balance.json."""
        same_experience = self.result.recommended.same_experience
        moves = {RECOMMENDED: self.result.recommended.same_risk}
        return moves if same_experience is None else {**moves, SAME_EXPERIENCE: same_experience}

    def _columns(self) -> dict[str, Champion | Move]:
        moves = {_MOVES[name]: move for name, move in self._moves().items()}
        return {"today": self.result.champion, **moves}

    def _shown(self) -> Shown:
        labels = self.result.measure_labels
        columns = self._columns()
        chosen = _MOVES[self.result.recommended.chosen]
        rows = [
            [
                labels.get(name, name.replace("_", " ")),
                *(figure(each.measures.get(name)) for each in columns.values()),
            ]
            for name in self.result.champion.measures
        ]
        names = [f"{name} *" if name == chosen else name for name in columns]
        notes = [
            f"* recommended; within {self.result.certificate.gap:.1g} of the best that can be "
            f"reached, given the model; {len(self.result.frontier)} frontier points",
            *self.result.warnings,
        ]
        return Shown(f"Balance of '{self.workspace.name}'", ("measure", *names), rows, notes)


def balance(model: Model | Path | str, *, progress: Progress | None = None) -> Balance:
    """Find the frontier of a fitted lender, today's place on it, and the recommended move.

    `model` is what `fit` returned, or the folder of a fitted workspace. Raises BadInput where it is
    not fitted, GateRefused where the appetite cannot be met.
    """
    if isinstance(model, Model):
        result = balance_workspace(model.workspace, progress)
        return Balance(model.workspace, result, model)
    workspace = Workspace.open(Path(model))
    return Balance(workspace, balance_workspace(workspace, progress))
