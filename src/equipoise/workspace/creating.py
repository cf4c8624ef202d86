"""`new` and `simulate`: folders that appear whole or not at all."""

from __future__ import annotations

import shlex
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import polars as pl

from equipoise.contract import Draft, Layout, draft, read_table
from equipoise.documents import to_yaml
from equipoise.drafting import draft_workspace
from equipoise.errors import BadInput, Span, did_you_mean
from equipoise.files import near_path, write_text
from equipoise.progress import Progress, Silent
from equipoise.simulation import write_businesses, write_lender
from equipoise.workspace.folder import ABOUT, Workspace

DATA = "data"
_FRAME = "data/applications.parquet"
# What the example's documents name under data/, and where it is to be had.
LENDINGCLUB = {
    "lendingclub_2018/lendingclub_2018.parquet": "data/lendingclub.rda of the R package "
    "creditmodel 1.3.1 on CRAN, as Parquet, with derived_apr of amount, instalment and term",
    "lendingclub_2015_performance/lc_2015_performance.parquet": "LendingClub's public loan file, "
    "loans of April to August 2015, as Parquet",
    "bpi2012/BPI_Challenge_2012.xes.gz": "the BPI Challenge 2012, 4TU.ResearchData, "
    "doi:10.4121/uuid:3926db30-f712-4394-aebc-75976070e91f",
}
_WRITTEN = {
    "applications.parquet",
    "events.parquet",
    "performance.parquet",
    "tape.parquet",
    "truth.parquet",
    "parameters.yaml",
    "README.md",
}


def new_from_file(
    folder: Path,
    data: Path,
    target: str,
    event: str | None = None,
    progress: Progress | None = None,
    *,
    read: Sequence[str] = (),
) -> tuple[Workspace, tuple[str, ...]]:
    """Draft a workspace from a table, and say what should be looked at first.

    `target` is the column of the outcome and `event` its bad value, inferred unless given; `read`
    says how columns are written, as COLUMN=FORMAT. The data stay where they are. Raises BadInput
    for data that cannot be drafted from.
    """
    steps = progress or Silent()
    with creating(folder) as made:
        with steps.step("Reading the data"):
            frame, layout = read_table(data, column=target)
        drafted = draft(frame, target, event, file=str(data), read=read, progress=steps)
        drafted = _read_so(drafted, layout, near_path(data, folder))
        notes = _write_drafted(made, drafted, frame, steps)
        options = ["--from", str(data), "--target", target]
        options += ["--event", event] if event is not None else []
        options += [part for each in read for part in ("--read", each)]
        _describe(made, folder, _command(folder, options))
    return Workspace(folder), notes


def new_from_frame(
    folder: Path,
    frame: pl.DataFrame,
    target: str,
    event: str | None = None,
    progress: Progress | None = None,
    *,
    read: Sequence[str] = (),
) -> tuple[Workspace, tuple[str, ...]]:
    """As `new_from_file`, of a data frame, which is written into the workspace's data/."""
    steps = progress or Silent()
    if not frame.height:
        raise BadInput("the data have no rows", mend="give past applications")
    with creating(folder) as made:
        drafted = draft(frame, target, event, file=_FRAME, read=read, progress=steps)
        (made / DATA).mkdir()
        frame.write_parquet(made / _FRAME)
        notes = _write_drafted(made, drafted, frame, steps)
        options = {"target": target, "event": event, "read": list(read)}
        arguments = ", ".join(f"{name}={value!r}" for name, value in options.items() if value)
        _describe(made, folder, f"equipoise.fit(data, {arguments})")
    return Workspace(folder), notes


def _write_drafted(
    made: Path, drafted: Draft, frame: pl.DataFrame, steps: Progress
) -> tuple[str, ...]:
    """Write the documents, and return what should be looked at first."""
    with steps.step("Drafting the documents"):
        whole = draft_workspace(drafted, frame)
    for name, text in whole.documents.items():
        write_text(made / name, text)
    return whole.notes


def _read_so(drafted: Draft, layout: Layout, data: str) -> Draft:
    """The draft with where its data stand and how they were read, said behind what is asked."""
    asked, review = drafted.unsettled, drafted.contract.review[len(drafted.unsettled) :]
    said = (*asked, *(f"layout: {remark}" for remark in layout.remarks), *review)
    contract = drafted.contract.model_copy(
        update={"data": data, "layout": layout.stated(), "review": said}
    )
    notes = (*asked, *layout.remarks, *drafted.notes[len(asked) :])
    return replace(drafted, contract=contract, notes=notes)


def new_demo(
    folder: Path, applicants: int, seed: int, progress: Progress | None = None
) -> Workspace:
    """The synthetic lender as a workspace, with its data."""
    with creating(folder) as made:
        copy_example("demo", made)
        write_lender(made / DATA, applicants, seed, progress)
        numbers = ["--applicants", str(applicants), "--seed", str(seed)]
        _describe(made, folder, _command(folder, ["--example", "demo", *numbers]))
    return Workspace(folder)


def new_business(
    folder: Path, applicants: int, seed: int, progress: Progress | None = None
) -> Workspace:
    """The synthetic lender to small businesses as a workspace, with its data."""
    with creating(folder) as made:
        copy_example("business", made)
        write_businesses(made / DATA, applicants, seed, progress)
        numbers = ["--applicants", str(applicants), "--seed", str(seed)]
        _describe(made, folder, _command(folder, ["--example", "business", *numbers]))
    return Workspace(folder)


def new_lendingclub(folder: Path, data: Path) -> Workspace:
    """LendingClub 2018 as a workspace; `data` holds the folders its documents name under data/.

    The data stay where they are: the workspace's `data` is a link to them.
    """
    if not data.is_dir():
        beside = data.parent.iterdir() if data.parent.is_dir() else ()
        raise BadInput(
            "there is no such folder of data",
            where=Span(str(data)),
            mend=did_you_mean(data.name, (path.name for path in beside if path.is_dir())),
        )
    _refuse_lacking(data)
    with creating(folder) as made:
        copy_example("lendingclub", made)
        (made / DATA).symlink_to(data.resolve(), target_is_directory=True)
        options = ["--example", "lendingclub", "--data", str(data)]
        _describe(made, folder, _command(folder, options))
    return Workspace(folder)


def _refuse_lacking(data: Path) -> None:
    """Refuse a folder without the files that LendingClub's documents name under data/."""
    lacking = [name for name in LENDINGCLUB if not (data / name).is_file()]
    if lacking:
        first = lacking[0]
        nearer = [place for place in (data / "data", data.parent) if (place / first).is_file()]
        had = "; ".join(f"{name}: {LENDINGCLUB[name]}" for name in lacking)
        raise BadInput(
            f"the folder lacks {len(lacking)} of the example's {len(LENDINGCLUB)} files: "
            + ", ".join(lacking),
            where=Span(str(data)),
            field="--data",
            mend=f"give --data {nearer[0]}" if nearer else f"put them there; they come from {had}",
        )


def simulate_into(
    folder: Path,
    applicants: int,
    seed: int,
    progress: Progress | None = None,
    *,
    only: Sequence[str] = (),
) -> None:
    """Write a synthetic lender's files into `folder`; over those of an earlier run, if any.

    `only` names tables, as 'applications'; all by default.
    """
    if folder.exists():
        others = [path.name for path in _contents(folder) if path.name not in _WRITTEN]
        if others:
            raise BadInput(
                f"the folder holds other files, such as '{sorted(others)[0]}'",
                where=Span(str(folder)),
                mend="name a new folder",
            )
        folders = [path.name for path in _contents(folder) if path.is_dir()]
        if folders:
            raise BadInput(
                f"'{sorted(folders)[0]}' is a folder that Spark wrote, and this writes a file",
                where=Span(str(folder)),
                mend="name a new folder",
            )
    try:
        write_lender(folder, applicants, seed, progress, only=only)
    except OSError as error:
        raise BadInput(
            f"the folder cannot be written: {error.strerror}",
            where=Span(str(folder)),
            mend="name one that you may write",
        ) from None


@contextmanager
def creating(folder: Path) -> Iterator[Path]:
    """A temporary folder that becomes `folder` only if the block succeeds."""
    if folder.exists() and any(_contents(folder)):
        raise BadInput(
            "the folder exists and is not empty",
            where=Span(str(folder)),
            mend="name a new folder, or empty this one",
        )
    parent = folder.absolute().parent
    parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=parent))
    try:
        yield made
        made.chmod(0o755)
        if folder.exists():
            folder.rmdir()
        made.rename(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def copy_example(name: str, folder: Path) -> None:
    """Copy an example's documents out of the package."""
    for item in files("equipoise").joinpath("examples", name).iterdir():
        if item.name.endswith((".yaml", ".md")):
            write_text(folder / item.name, item.read_text(encoding="utf-8"))


def _contents(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise BadInput(
            "a file stands where the folder should be",
            where=Span(str(folder)),
            mend="name another folder",
        )
    return list(folder.iterdir())


def _command(folder: Path, options: list[str]) -> str:
    return shlex.join(["equipoise", "new", str(folder), *options])


def _describe(made: Path, folder: Path, made_by: str) -> None:
    name = folder.absolute().name
    write_text(made / ABOUT, to_yaml({"name": name, "made_by": made_by}, "How this was made."))
    write_text(made / ".gitignore", "build/\n.build-*\n")
