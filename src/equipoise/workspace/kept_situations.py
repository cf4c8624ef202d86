"""What a lender's balance rested on at a time, kept in a folder to compare a later time with."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from equipoise.balance import AppetiteDocument
from equipoise.documents import Document, read_document
from equipoise.errors import BadInput, Span
from equipoise.experience import ExperienceFit
from equipoise.files import write_json
from equipoise.review.continuous import Situation
from equipoise.review.continuous.recorded import is_recorded, reading_record
from equipoise.risk import load_risk
from equipoise.value.treatments import TreatmentsDocument
from equipoise.workspace.fitting import EXPERIENCE_FILE, RISK_FOLDER
from equipoise.workspace.folder import APPETITE, TREATMENTS

SITUATION, FACTS = "situation.json", "facts.parquet"
SAMPLE, SEED = 10_000, 7  # of the applicants: 64 balances of so many take a minute or two


class Remembered(Document):
    """situation.json: what the files beside it are. There are no facts among them where the
    applicants were `recorded`: those stay in the record, where a person can be erased."""

    on: str
    seed: int
    types: Mapping[str, str]
    window_months: float
    recorded: bool = False


@dataclass(frozen=True, slots=True)
class Stood:
    """A situation as it was kept, and when."""

    on: str
    situation: Situation


def keep_situation(situation: Situation, folder: Path, on: str) -> None:
    """Write the situation of that time into a folder of its own, whole or not at all."""
    folder.parent.mkdir(exist_ok=True)
    staged = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        if not is_recorded(situation):
            situation.facts.write_parquet(staged / FACTS)
        situation.risk.save(staged / RISK_FOLDER)
        situation.experience.save(staged / EXPERIENCE_FILE)
        for name, document in (
            (TREATMENTS, situation.treatments.path),
            (APPETITE, situation.appetite.path),
        ):
            shutil.copyfile(document, staged / name)
        remembered = Remembered(
            on=on,
            seed=SEED,
            types=situation.types,
            window_months=situation.window_months,
            recorded=is_recorded(situation),
        )
        write_json(staged / SITUATION, remembered.model_dump(mode="json"))
        staged.chmod(0o700)  # what is kept of people is the lender's own
        shutil.rmtree(folder, ignore_errors=True)
        staged.replace(folder)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def read_kept(folder: Path, recorded: pl.DataFrame | None = None) -> Stood:
    """The situation kept there; where its applicants were recorded, with their facts from there.

    Raises BadInput where its files are damaged, or facts that were recorded are not given.
    """
    try:
        about = Remembered.model_validate_json((folder / SITUATION).read_bytes())
        if about.recorded != (recorded is not None):
            raise ValueError("its applicants stand elsewhere")
        facts = pl.read_parquet(folder / FACTS) if recorded is None else recorded
    except (OSError, ValueError, pl.exceptions.PolarsError) as error:
        raise BadInput(
            f"what was kept there cannot be read: {error}",
            where=Span(str(folder)),
            mend="remove that folder, and keep today's",
        ) from None
    treatments = read_document(folder / TREATMENTS, TreatmentsDocument)
    situation = Situation(
        facts=facts,
        types=about.types,
        risk=load_risk(folder / RISK_FOLDER),
        experience=ExperienceFit.load(folder / EXPERIENCE_FILE),
        treatments=reading_record(treatments) if about.recorded else treatments,
        appetite=read_document(folder / APPETITE, AppetiteDocument),
        window_months=about.window_months,
    )
    return Stood(about.on, situation)


def was_recorded(folder: Path) -> bool | None:
    """Whether what is kept there are a record's applicants; None where nothing is."""
    try:
        return Remembered.model_validate_json((folder / SITUATION).read_bytes()).recorded
    except (OSError, ValueError):
        return None
