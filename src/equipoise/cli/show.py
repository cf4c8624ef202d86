"""What each command ends with: a short table for a person, or one JSON document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from equipoise.cli import printing

MOST_TO_LOOK_AT = 40  # a draft says aloud only what a person must see


def created(folder: Path, notes: Sequence[str], *, as_json: bool) -> None:
    """A new workspace, and what to look at first."""
    names = sorted(path.name for path in folder.iterdir() if path.name[0] != ".")
    if as_json:
        printing.document({"workspace": str(folder), "files": names, "notes": list(notes)})
        return
    printing.table(f"Made {folder}", ("file",), [[name] for name in names])
    printing.notes("Look at first", notes, MOST_TO_LOOK_AT)
    printing.line(f"Next: equipoise check {folder}")


def checked(facts: dict[str, Any], *, as_json: bool) -> None:
    """What the data came to."""
    if as_json:
        printing.document(facts)
        return
    data = facts["data"]
    rows = [
        ["rows in the data", _count(data["rows_in"])],
        ["rows kept", _count(data["rows_kept"])],
        ["rows refused (build/rejects.csv)", _count(data["rows_refused"])],
        ["outcomes known", _count(facts["outcomes_known"])],
        ["of them bad", _count(facts["bads"])],
        *(
            [f"{rule['field']}: {rule['rule']} ({rule['effect']})", _count(rule["rows"])]
            for rule in data["rules"]
        ),
    ]
    printing.pairs(f"{facts['workspace']}: {len(facts['documents'])} documents hold", rows)
    unreviewed = {text.removeprefix("layout: ") for text in facts["review"]}
    said = [remark for remark in data["reading"] if remark not in unreviewed]
    printing.notes("As the file was read", said)
    printing.notes("Inferred and not yet reviewed", facts["review"])


def reported(workspace: str, paths: dict[str, Path], *, as_json: bool) -> None:
    """Where the report, or its summary, is."""
    sizes = [path.stat().st_size for path in paths.values()]
    if as_json:
        named = {name: str(path) for name, path in paths.items()}
        printing.document({"workspace": workspace, **named, "bytes": sum(sizes)})
        return
    rows = [
        [str(path), f"{size / 1e6:.2f} MB"]
        for path, size in zip(paths.values(), sizes, strict=True)
    ]
    printing.table(workspace, ("file", "size"), rows)


def simulated(
    folder: str, applicants: int, seed: int, sizes: Mapping[str, int], *, as_json: bool
) -> None:
    """The files of a synthetic lender, and their sizes in bytes."""
    if as_json:
        printing.document(
            {"folder": folder, "applicants": applicants, "seed": seed, "files": dict(sizes)}
        )
        return
    rows = [[name, f"{size / 1e6:.2f} MB"] for name, size in sizes.items()]
    printing.table(f"{applicants:,} applicants, seed {seed}, in {folder}", ("file", "size"), rows)


def _count(value: int) -> str:
    return f"{value:,}"
