"""What each command ends with: a short table for a person, or one JSON document."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from equipoise.cli import printing


def created(folder: Path, notes: Sequence[str], *, as_json: bool) -> None:
    """A new workspace, and what to look at first."""
    names = sorted(path.name for path in folder.iterdir() if path.name[0] != ".")
    if as_json:
        printing.document({"workspace": str(folder), "files": names, "notes": list(notes)})
        return
    printing.table(f"Made {folder}", ("file",), [[name] for name in names])
    printing.notes("Look at first", notes)
    printing.line(f"Next: equipoise check {folder}")


def checked(found: dict[str, Any], *, as_json: bool) -> None:
    """What the data came to."""
    if as_json:
        printing.document(found)
        return
    data = found["data"]
    rows = [
        ["rows in the data", _count(data["rows_in"])],
        ["rows kept", _count(data["rows_kept"])],
        ["rows refused (build/rejects.csv)", _count(data["rows_refused"])],
        ["outcomes known", _count(found["outcomes_known"])],
        ["of them bad", _count(found["bads"])],
        *(
            [f"{rule['field']}: {rule['rule']} ({rule['effect']})", _count(rule["rows"])]
            for rule in data["rules"]
        ),
    ]
    printing.table(
        f"{found['workspace']}: {len(found['documents'])} documents hold", ("", "rows"), rows
    )
    printing.notes("Inferred and not yet reviewed", found["review"])


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
            _count(model["n_train"]),
            _count(model["n_test"]),
            *(f"{model[key]:.4f}" for key in ("auc", "ks", "brier")),
        ]
        for model in found["models"]
    ]
    printing.table(f"{found['workspace']}: {found['models'][0]['split']}", columns, rows)
    printing.line(f"* gives the PD. {_count(found['rows'])} rows, {found['seconds']:.1f} s.")
    printing.notes("To know", found["notes"])


def balanced(found: dict[str, Any], *, as_json: bool) -> None:
    """Today beside the recommendation, with its certificate."""
    if as_json:
        printing.document(found)
        return
    recommended = found.get("recommended") or {}
    columns = {"today": found.get("champion") or {}}
    for name in ("same_risk", "same_experience"):
        if recommended.get(name):
            mark = " *" if recommended.get("chosen") == name else ""
            columns[name.replace("_", " ") + mark] = recommended[name]
    measures = list(columns["today"].get("measures") or {})
    rows = [
        [measure.replace("_", " "), *(_figure(c, measure) for c in columns.values())]
        for measure in measures
    ]
    printing.table(str(found.get("workspace", "")), ("measure", *columns), rows)
    certificate = found.get("certificate") or {}
    printing.line(
        f"* recommended. Gap {certificate.get('gap', float('nan')):.2g}, "
        f"violation {certificate.get('violation', float('nan')):.2g}, "
        f"{len(found.get('frontier') or [])} frontier points, {found.get('seconds', 0.0):.1f} s."
    )
    printing.notes("Warnings", found.get("warnings") or [])


def reported(workspace: str, path: Path, *, as_json: bool) -> None:
    """Where the report is."""
    size = path.stat().st_size
    if as_json:
        printing.document({"workspace": workspace, "report": str(path), "bytes": size})
        return
    printing.table(workspace, ("report", "size"), [[str(path), f"{size / 1e6:.1f} MB"]])


def simulated(folder: Path, applicants: int, seed: int, *, as_json: bool) -> None:
    """The files of a synthetic lender."""
    sizes = {path.name: path.stat().st_size for path in sorted(folder.iterdir())}
    if as_json:
        printing.document(
            {"folder": str(folder), "applicants": applicants, "seed": seed, "files": sizes}
        )
        return
    rows = [[name, f"{size / 1e6:.2f} MB"] for name, size in sizes.items()]
    printing.table(f"{applicants:,} applicants, seed {seed}, in {folder}", ("file", "size"), rows)


def _count(value: int) -> str:
    return f"{value:,}"


def _figure(point: dict[str, Any], measure: str) -> str:
    value = (point.get("measures") or {}).get(measure)
    if not isinstance(value, int | float):
        return ""
    return printing.figure(value)
