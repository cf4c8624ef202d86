"""`fit`: from a table of past loans to validated models of PD."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from equipoise.contract import check
from equipoise.errors import BadInput
from equipoise.notebook.frames import as_polars
from equipoise.notebook.shown import Shown
from equipoise.progress import Progress
from equipoise.risk import RiskFit, load_risk
from equipoise.risk.fit_result import FitResult
from equipoise.workspace.creating import new_from_file, new_from_frame
from equipoise.workspace.fitting import RISK_FOLDER, fit_workspace
from equipoise.workspace.folder import CONTRACT, Workspace


class Model:
    """A lender's fitted models, and the workspace whose documents they were fitted by.

    `workspace` is a folder of documents that may be read and changed; call `fit` on its folder
    afterwards. `notes` say what was inferred and should be looked at first, `result` is what the
    fit found, and `temporary` says that the folder goes with this object.
    """

    def __init__(
        self,
        workspace: Workspace,
        result: FitResult,
        notes: tuple[str, ...],
        home: Path | None,
    ) -> None:
        self.workspace, self.result, self.notes = workspace, result, notes
        self.temporary = home is not None
        if home is not None:
            weakref.finalize(self, shutil.rmtree, home, ignore_errors=True)

    @property
    def summary(self) -> dict[str, Any]:
        """What fit.json holds."""
        return self.result.as_dict()

    @property
    def models(self) -> pl.DataFrame:
        """One row per model: name, kind, whether it gives the PD, rows, AUC, KS and Brier score."""
        return pl.DataFrame(
            [
                {
                    "model": each.name,
                    "kind": each.kind,
                    "gives_pd": each.used_for_pd,
                    "features": len(each.features),
                    "train": each.n_train,
                    "test": each.n_test,
                    "auc": each.auc,
                    "ks": each.ks,
                    "brier": each.brier,
                }
                for each in self.result.models
            ]
        )

    @property
    def risk(self) -> RiskFit:
        """The fitted models themselves."""
        return load_risk(self.workspace.build / RISK_FOLDER)

    def pd(self, data: Any) -> pl.Series:
        """The PD of each row, in order; null where the contract refuses the row.

        `data` as for `fit`, with the contract's columns of use `feature`. Raises BadInput where
        one is absent.
        """
        frame, risk = as_polars(data), self.risk
        contract = self.workspace.contract().value
        checked = check(contract, frame, fields=contract.feature_names)
        scored = pl.DataFrame(
            {"row": checked.rows, "pd": pl.Series(risk.pd(checked.frame), nan_to_null=True)}
        )
        rows = pl.DataFrame({"row": pl.int_range(1, frame.height + 1, eager=True)})
        return rows.join(scored, on="row", how="left", maintain_order="left")["pd"]

    def __repr__(self) -> str:
        return self._shown().text()

    def _repr_html_(self) -> str:
        return self._shown().html()

    def _shown(self) -> Shown:
        columns = ("model", "features", "train", "test", "AUC", "KS", "Brier")
        rows = [
            [
                row["model"] + (" *" if row["gives_pd"] else ""),
                str(row["features"]),
                f"{row['train']:,}",
                f"{row['test']:,}",
                *(f"{row[name]:.4f}" for name in ("auc", "ks", "brier")),
            ]
            for row in self.models.iter_rows(named=True)
        ]
        notes = ["* gives the PD", *self.notes, *self.result.notes]
        return Shown(f"Model of '{self.workspace.name}'", columns, rows, notes)


def fit(
    data: Any,
    target: str | None = None,
    *,
    event: str | None = None,
    read: Sequence[str] = (),
    folder: Path | str | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Model:
    """Draft a workspace from a table of past loans, fit and validate its models.

    `data` is a polars or pandas data frame, a pyarrow table, a mapping of columns, or the path of a
    file that `equipoise new` reads: one row per application. `target` names the column of the
    outcome and `event` its bad value, inferred unless given; `read` says how columns are written,
    as COLUMN=FORMAT, where that is asked. The workspace is written to `folder`, or to a temporary
    one that goes with the model. The path of a workspace is fitted as it stands, without a
    `target`. Raises BadInput, which says where and how to mend it.
    """
    if isinstance(data, (str, Path)) and (Path(data) / CONTRACT).is_file():
        workspace = Workspace.open(Path(data))
        return Model(workspace, fit_workspace(workspace, progress, threads), (), None)
    if target is None:
        raise BadInput(
            "the column of the outcome is not named", field="target", mend="add target='COLUMN'"
        )
    home = None if folder is not None else Path(tempfile.mkdtemp(prefix="equipoise-"))
    try:
        place = Path(folder) if folder is not None else Path(str(home)) / "lender"
        if isinstance(data, (str, Path)):
            path = Path(data)
            workspace, notes = new_from_file(place, path, target, event, progress, read=read)
        else:
            frame = as_polars(data)
            workspace, notes = new_from_frame(place, frame, target, event, progress, read=read)
        return Model(workspace, fit_workspace(workspace, progress, threads), notes, home)
    except BaseException:
        if home is not None:
            shutil.rmtree(home, ignore_errors=True)
        raise
