"""What each command ends with: a short table for a person, or one JSON document."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

MOST_NOTES = 8


def line(text: str) -> None:
    """One line on stdout."""
    sys.stdout.write(f"{text}\n")


def created(folder: Path, notes: Sequence[str], *, as_json: bool) -> None:
    """A new workspace, and what to look at first."""
    names = sorted(path.name for path in folder.iterdir() if path.name[0] != ".")
    if as_json:
        _document({"workspace": str(folder), "files": names, "notes": list(notes)})
        return
    _table(f"Made {folder}", ("file",), [[name] for name in names])
    _notes("Look at first", notes)
    line(f"Next: equipoise check {folder}")


def checked(found: dict[str, Any], *, as_json: bool) -> None:
    """What the data came to."""
    if as_json:
        _document(found)
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
    _table(f"{found['workspace']}: {len(found['documents'])} documents hold", ("", "rows"), rows)
    _notes("Inferred and not yet reviewed", found["review"])


def fitted(found: dict[str, Any], *, as_json: bool) -> None:
    """The models and how they do on data they have not seen."""
    if as_json:
        _document(found)
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
    _table(f"{found['workspace']}: {found['models'][0]['split']}", columns, rows)
    line(f"* gives the PD. {_count(found['rows'])} rows, {found['seconds']:.1f} s.")
    _notes("To know", found["notes"])


def balanced(found: dict[str, Any], *, as_json: bool) -> None:
    """Today beside the recommendation, with its certificate."""
    if as_json:
        _document(found)
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
    _table(str(found.get("workspace", "")), ("measure", *columns), rows)
    certificate = found.get("certificate") or {}
    line(
        f"* recommended. Gap {certificate.get('gap', float('nan')):.2g}, "
        f"violation {certificate.get('violation', float('nan')):.2g}, "
        f"{len(found.get('frontier') or [])} frontier points, {found.get('seconds', 0.0):.1f} s."
    )
    _notes("Warnings", found.get("warnings") or [])


def reported(workspace: str, path: Path, *, as_json: bool) -> None:
    """Where the report is."""
    size = path.stat().st_size
    if as_json:
        _document({"workspace": workspace, "report": str(path), "bytes": size})
        return
    _table(workspace, ("report", "size"), [[str(path), f"{size / 1e6:.1f} MB"]])


def simulated(folder: Path, applicants: int, seed: int, *, as_json: bool) -> None:
    """The files of a synthetic lender."""
    sizes = {path.name: path.stat().st_size for path in sorted(folder.iterdir())}
    if as_json:
        _document({"folder": str(folder), "applicants": applicants, "seed": seed, "files": sizes})
        return
    rows = [[name, f"{size / 1e6:.2f} MB"] for name, size in sizes.items()]
    _table(f"{applicants:,} applicants, seed {seed}, in {folder}", ("file", "size"), rows)


def _document(value: Any) -> None:
    json.dump(value, sys.stdout, ensure_ascii=False, allow_nan=False, indent=2)
    sys.stdout.write("\n")


def _table(title: str, columns: Iterable[str], rows: Iterable[Sequence[str]]) -> None:
    table = Table(title=escape(title), title_justify="left")
    for at, column in enumerate(columns):
        table.add_column(escape(column), justify="left" if at == 0 else "right")
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    Console().print(table)


def _notes(title: str, notes: Sequence[str]) -> None:
    if not notes:
        return
    line(f"{title}:")
    for note in notes[:MOST_NOTES]:
        line(f"  - {note}")
    if len(notes) > MOST_NOTES:
        line(f"  and {len(notes) - MOST_NOTES} more (all of them under --json)")


def _count(value: int) -> str:
    return f"{value:,}"


def _figure(point: dict[str, Any], measure: str) -> str:
    value = (point.get("measures") or {}).get(measure)
    if not isinstance(value, int | float):
        return ""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
