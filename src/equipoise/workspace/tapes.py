"""`portfolio draft` and `portfolio check`: a lender's loan tape, drafted and read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from equipoise.contract.reading.unpacking import located, tables_in
from equipoise.contract.reading.workbooks import sheets_in
from equipoise.document_edits import with_part
from equipoise.errors import BadInput, Span
from equipoise.files import near_path, write_text
from equipoise.portfolio import (
    TAPE,
    TapeReading,
    deliver_again,
    draft_tape,
    month_of_file,
    month_without_year,
    read_tape,
    read_tape_document,
    tape_text,
)
from equipoise.progress import Progress, Silent


@dataclass(frozen=True, slots=True)
class TapeMade:
    """What `portfolio draft` did: wrote tape.yaml, or put a further delivery into it."""

    path: Path
    delivery: str
    added: bool
    further: tuple[str, ...] = ()
    unsettled: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def draft_portfolio(
    folder: Path,
    tape: Path,
    progress: Progress | None = None,
    *,
    parts: Mapping[str, str],
    names: str = "",
    as_of: str = "",
    currency: str = "",
) -> TapeMade:
    """Draft tape.yaml of a tape's file; where there is one, put the file in as a later delivery.

    A folder, an archive of several files, or a workbook with a sheet for each month, is its files,
    one delivery each, in the order of the months that their names tell. The data stay where they
    are. Raises BadInput for a file that cannot be one.
    """
    if several := _files_in(tape, as_of):
        said: dict[str, Any] = {"parts": parts, "names": names, "currency": currency}
        months = [month_of_file(each, as_of) if as_of else "" for each in several]
        made = draft_portfolio(folder, several[0], progress, **said, as_of=months[0])
        _require_months(made, several, as_of)
        further = [
            draft_portfolio(folder, each, progress, **said, as_of=month).delivery
            for each, month in zip(several[1:], months[1:], strict=True)
        ]
        return replace(made, further=tuple(further))
    if not located(tape)[0].is_file():
        raise BadInput(
            "there is no such file",
            where=Span(str(tape)),
            field="--tape",
            mend="name the file of the tape",
        )
    if folder.exists() and not folder.is_dir():
        raise BadInput(
            "that is a file, not a folder", where=Span(str(folder)), mend="name a folder"
        )
    path, file = folder / TAPE, near_path(tape, folder)
    if path.is_file():
        known = read_tape_document(path)
        later = deliver_again(known, tape, file, as_of=as_of)
        part = later.model_dump(exclude_defaults=True, mode="json")
        write_text(path, with_part(path.read_text("utf-8"), ("deliveries", file), part))
        return TapeMade(path, file, added=True)
    drafted = draft_tape(
        tape,
        file,
        parts=parts,
        names=names,
        as_of=as_of,
        currency=currency,
        progress=progress or Silent(),
    )
    folder.mkdir(parents=True, exist_ok=True)  # only now: what cannot be drafted leaves nothing
    write_text(path, tape_text(drafted))
    return TapeMade(path, file, added=False, unsettled=drafted.unsettled, notes=drafted.notes)


def _files_in(tape: Path, as_of: str) -> list[Path]:
    """The files of a folder; those of an archive, or the sheets of a workbook, where the name of
    each tells a month of its own; none of a single file."""
    if tape.is_dir():
        files = [each for each in tape.iterdir() if each.is_file() and each.name[0] not in "._~"]
        if not files:
            raise BadInput(
                "the folder holds no file",
                where=Span(str(tape)),
                field="--tape",
                mend="name a file, or the folder that the tape's files are in",
            )
    else:
        inside = (sheets_in(tape) or tables_in(tape)) if tape.is_file() else ()
        months = {
            month_of_file(tape / each, as_of) or month_without_year(Path(each).name) or ""
            for each in inside
        }
        apart = len(months) == len(inside) > 1 and "" not in months
        files = [tape / each for each in inside] if apart else []
    return sorted(files, key=lambda each: (month_of_file(each, as_of), each.name))


def _require_months(made: TapeMade, files: list[Path], as_of: str) -> None:
    """Of a tape whose cells tell no month, each file's name has to: else one would stand for all.
    Raises BadInput, and leaves no document of it."""
    untold = [each for each in files if not month_of_file(each, as_of)]
    if len(files) == 1 or not untold or read_tape_document(made.path).value.shape == "monthly":
        return
    if not made.added:
        made.path.unlink()
    if all(month_without_year(each.name) for each in untold):
        raise BadInput(
            f"'{untold[0].name}' names a month and no year",
            where=Span(str(untold[0])),
            field="--tape",
            mend="say the newest month of all with --as-of 2026-05: each name is of the last such "
            "month until then; or put the year into the name of the file, the sheet or the folder",
        )
    raise BadInput(
        "neither the cells nor the file's name tell the month",
        where=Span(str(untold[0])),
        field="--tape",
        mend="name each file with its month, as in loans-2025-01.csv, or deliver them one by one "
        "with --as-of",
    )


def read_portfolio(
    folder: Path, progress: Progress | None = None, *, deliveries: int = 0
) -> TapeReading:
    """Read the folder's tape, the first `deliveries` of it (0: all). Raises BadInput."""
    path = folder / TAPE
    if not path.is_file():
        raise BadInput(
            f"the folder holds no {TAPE}",
            where=Span(str(folder)),
            mend=f"draft one with `equipoise portfolio draft {folder} --tape FILE`",
        )
    return read_tape(read_tape_document(path), folder, progress, deliveries=deliveries)
