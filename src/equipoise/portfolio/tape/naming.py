"""What a tape's columns are called: by its header, by a person, or by a published layout."""

from __future__ import annotations

from pathlib import Path

from equipoise.contract.reading.csvlayout import SEPARATORS
from equipoise.contract.reading.headers import NoHeader
from equipoise.contract.reading.layout import Layout, TableLayout
from equipoise.contract.reading.tables import read_layout
from equipoise.errors import BadInput, Span
from equipoise.portfolio.tape.published import PublishedLayout, published_layouts


def layout_of(
    path: Path, names: str = "", *, by_place: bool = False
) -> tuple[Layout, PublishedLayout | None]:
    """How a tape's file is laid out, and the published layout that it is of, if it is of one.

    `names` is a file with the columns' names, one a line or as a header has them, or the id of a
    published layout; they stand in place of the header, or for it where there is none. Without
    them, and without a header, columns are called as a published layout has it whose form the rows
    are of, or `by_place`. Raises BadInput.
    """
    named, of = _given(names)
    try:
        layout = read_layout(path)
    except NoHeader as error:
        return _without_header(path, error, named, of, by_place=by_place)
    if layout.kind == "parquet" and names:
        raise BadInput(
            "a Parquet file names its columns itself",
            field="--names",
            mend="leave it out, and say parts with --part ROLE=COLUMN",
        )
    if of is not None:
        named = of.names(len(layout.headers))
    if named:
        stated = TableLayout(sheet=layout.sheet, header_row=layout.header_row, names=named)
        return read_layout(path, stated), of
    return layout, next((e for e in published_layouts() if e.fits_names(layout.named)), None)


def _without_header(
    path: Path,
    error: NoHeader,
    named: tuple[str, ...],
    of: PublishedLayout | None,
    *,
    by_place: bool,
) -> tuple[Layout, PublishedLayout | None]:
    if not (named or of or by_place):
        of = next((each for each in published_layouts() if each.fits_rows(error.rows)), None)
        if of is None:
            raise BadInput(
                error.message,
                where=error.where,
                mend="put a line with the column names on top, give the names with --names FILE "
                "(one a line, or one line as a header), or parts by their place, as in "
                "--part loan=1 --part month=2",
            ) from None
    if of is not None:
        named = of.names(len(error.rows[0]))
    return read_layout(path, TableLayout(header_row=0, names=named)), of


def _given(names: str) -> tuple[tuple[str, ...], PublishedLayout | None]:
    if not names:
        return (), None
    known = {each.id: each for each in published_layouts() if not each.header}
    if names in known:
        return (), known[names]
    if not Path(names).is_file():
        raise BadInput(
            f"there is no file '{names}'",
            field="--names",
            mend=f"name a file with the columns' names, or a published layout: {', '.join(known)}",
        )
    return _listed(Path(names)), None


def _listed(path: Path) -> tuple[str, ...]:
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(
            "the names are not text", where=Span(str(path)), mend="save them as UTF-8"
        ) from None
    names = [line.strip() for line in text.splitlines() if line.strip()]
    if len(names) == 1:
        separator = max(SEPARATORS, key=names[0].count)
        names = [each.strip().strip('"') for each in names[0].split(separator)]
    if not names:
        raise BadInput("the file holds no names", where=Span(str(path)), mend="give one a line")
    again = next((each for at, each in enumerate(names) if each in names[:at]), "")
    if again or not all(names):
        raise BadInput(
            f"two columns are called '{again}'" if again else "a name is empty",
            where=Span(str(path)),
            mend="give every column a name of its own",
        )
    return tuple(names)
