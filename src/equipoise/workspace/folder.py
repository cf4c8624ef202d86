"""A workspace on disk: where its documents stand and what they say."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from equipoise.balance.appetite import AppetiteDocument
from equipoise.contract import Checked, Contract, check, read_contract, read_table, today
from equipoise.documents import Document, Loaded, read_document
from equipoise.errors import BadInput, Span, did_you_mean
from equipoise.experience import ExperienceDocument
from equipoise.progress import Progress, Silent
from equipoise.risk import RiskDocument
from equipoise.value.treatments import TreatmentsDocument

CONTRACT, RISK, EXPERIENCE = "contract.yaml", "risk.yaml", "experience.yaml"
TREATMENTS, APPETITE = "treatments.yaml", "appetite.yaml"
ABOUT = "workspace.yaml"


class About(Document):
    """workspace.yaml: how the workspace was made, for the report's list of commands."""

    name: str = ""
    made_by: str = ""


@dataclass(frozen=True, slots=True)
class Workspace:
    """A lender's folder. Everything in `build` can be made again from the rest."""

    folder: Path

    @classmethod
    def open(cls, folder: Path) -> Workspace:
        """The workspace in `folder`. Raises BadInput where there is none."""
        if not folder.is_dir():
            beside = folder.parent.iterdir() if folder.parent.is_dir() else ()
            near = did_you_mean(folder.name, (path.name for path in beside if path.is_dir()))
            raise BadInput("there is no such folder", where=Span(str(folder)), mend=near)
        if not (folder / CONTRACT).is_file():
            raise BadInput(
                f"the folder holds no {CONTRACT}, so it is no workspace",
                where=Span(str(folder)),
                mend="make one with `equipoise new`",
            )
        return cls(folder)

    @property
    def name(self) -> str:
        """The workspace's name: its own, else its folder's."""
        return self.about().name or self.folder.resolve().name

    @property
    def build(self) -> Path:
        """The folder of everything fitted."""
        return self.folder / "build"

    def about(self) -> About:
        """What workspace.yaml says; nothing where it is absent."""
        path = self.folder / ABOUT
        return read_document(path, About).value if path.is_file() else About()

    def contract(self) -> Loaded[Contract]:
        """contract.yaml."""
        return read_contract(self.folder / CONTRACT)

    def risk(self) -> Loaded[RiskDocument]:
        """risk.yaml."""
        return read_document(self.folder / RISK, RiskDocument)

    def experience(self) -> Loaded[ExperienceDocument]:
        """experience.yaml."""
        return read_document(self.folder / EXPERIENCE, ExperienceDocument)

    def treatments(self) -> Loaded[TreatmentsDocument]:
        """treatments.yaml."""
        return read_document(self.folder / TREATMENTS, TreatmentsDocument)

    def appetite(self) -> Loaded[AppetiteDocument]:
        """appetite.yaml."""
        return read_document(self.folder / APPETITE, AppetiteDocument)

    def applications(self, contract: Contract, progress: Progress | None = None) -> Checked:
        """The data, read and held against the contract. Raises BadInput where none is left."""
        steps = progress or Silent()
        path = contract.data_path(self.folder)
        with steps.step("Reading the data"):
            frame, layout = read_table(path, contract.layout)
        checked = check(contract, frame, today=today(contract), file=str(path), progress=progress)
        checked = replace(checked, remarks=layout.remarks)
        if checked.rows_kept == 0:
            raise BadInput(
                f"all {checked.rows_in:,} rows break a rule of the contract",
                where=Span(str(path)),
                field=str(checked.rejects["field"][0]),
                mend=f"the first rule broken is '{checked.rejects['rule'][0]}'; "
                "see build/rejects.csv after `equipoise check`",
            )
        return checked

    def digests(self, *names: str) -> dict[str, str]:
        """SHA-256 of the named documents, to tell whether they changed since the fit."""
        digests = {}
        for name in names:
            path = self.folder / name
            digests[name] = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        return digests
