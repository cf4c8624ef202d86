"""A book: every loan-month of a tape in order, ready to be measured."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from equipoise.errors import BadInput, Span
from equipoise.numeric.arrays import Array, BoolArray, IndexArray, IntArray
from equipoise.portfolio.tape.document import month_text
from equipoise.portfolio.tape.faults import FaultList, Kind
from equipoise.portfolio.tape.lateness import NOT_TOLD, STANDINGS
from equipoise.portfolio.tape.renumbering import renumbered

STATES = ("current", "1-30", "31-60", "61-90", "91+", "written_off", "repaid")
LATE_STATES = 5  # the first of STATES, which are the buckets of days past due
_EDGES = np.array([0, 30, 60, 90])
FIRST_DAYS = np.r_[0, _EDGES + 1]  # past due, of each bucket
_WRITTEN_OFF, _REPAID = STANDINGS.index("written_off"), STANDINGS.index("repaid")
_DEFAULT = STANDINGS.index("default")
_OF_ROWS = ("row", "loan", "month", "day", "days", "standing", "delivery", "balance", "impaired",
            "forborne", "begun", "version")  # fmt: skip
_MOST_OWED = float(np.iinfo(np.int64).max)
_MOST_DELIVERIES, _DAYS = 1 << 16, 32
_STEPS = (12, 6, 3)  # months: as tapes of years, half years and quarters have them
_LONGEST_NAME = 40
_NAMED = 3  # months that are named one by one


@dataclass(frozen=True, slots=True)
class Book:
    """Rows (n,) ordered by loan and month; loans (m,) in `loans`, ordered by their `id`.

    `loan` counts from 0 and is a place in `loans`; `month` counts months since the year 0;
    `balance` is what is owed, in minor units, never negative; `state` is a place in STATES (-1:
    not told), `days` are days past due (-1: not told). `loans` has `id`, `opened` (a month, null
    where not told), and whatever else the tape tells of a loan, by role, as its last row has it.
    """

    loan: IntArray
    month: IntArray
    balance: IntArray
    days: IntArray
    state: IntArray
    impaired: BoolArray
    forborne: BoolArray
    loans: pl.DataFrame
    currency: str
    has_balance: bool

    def __len__(self) -> int:
        return int(self.loan.size)

    @property
    def first_month(self) -> int:
        return int(self.month.min())

    @property
    def last_month(self) -> int:
        return int(self.month.max())

    @property
    def step(self) -> int:
        """Months from one month of the tape to the next: 3, 6 or 12 where it tells a month of each
        quarter, half or whole year; else 1."""
        gaps = int(np.gcd.reduce(np.diff(np.unique(self.month)), initial=0))
        return next((each for each in _STEPS if gaps and gaps % each == 0), 1)

    @property
    def dated(self) -> bool:
        """Whether each loan stands in one row, and the day of its default is told: its history is
        known from the beginning."""
        return "defaulted" in self.loans.columns

    def at(self, month: int) -> IndexArray:
        """The rows of a month."""
        return np.flatnonzero(self.month == month)

    def first_rows(self) -> IndexArray:
        """The first row of each loan (m,)."""
        return np.flatnonzero(np.r_[True, self.loan[1:] != self.loan[:-1]])


@dataclass(frozen=True, slots=True)
class Restated:
    """Loan-months that a later delivery told again, and of those the ones it told otherwise."""

    told_again: int
    changed: int


def book_of(
    rows: pl.DataFrame, files: list[str], currency: str, faults: FaultList
) -> tuple[Book, Restated]:
    """The book of typed rows of all deliveries, whose `delivery` is a place in `files`.

    Raises BadInput where no row is left.
    """
    if not rows.height:
        raise BadInput(
            "no row of the tape could be read",
            where=Span(files[0]),
            mend="; ".join(str(each) for each in faults.all()[:2]) or "deliver rows",
        )
    rows = renumbered(rows, files, faults)
    ids, loan = _numbered(rows["loan"])
    rows = rows.drop("loan")
    month = rows["month"].to_numpy().astype(np.int64)
    order = _order(rows, loan, month)
    if order is not None:
        rows, loan, month = rows[order], loan[order], month[order]
    last, restated = _last_told(rows, loan, month, files, faults)
    if not last.all():
        rows, loan, month = rows.filter(pl.Series(last)), loan[last], month[last]
    book = Book(
        loan=loan,
        month=month,
        balance=_balance(rows, files, faults),
        days=rows["days"].to_numpy().astype(np.int64),
        state=_states(rows),
        impaired=_flags(rows, "impaired"),
        forborne=_flags(rows, "forborne"),
        loans=_loans(rows, loan, ids),
        currency=currency,
        has_balance="balance" in rows.columns,
    )
    for file, numbers, _ in _by_file(rows, files, np.flatnonzero(book.state < 0)):
        what = "nothing tells how late the loan is"
        faults.add("lateness_not_told", file, numbers, what, effect="kept")
    _tell_alike(book, rows, files, faults)
    _tell_dates(book, rows, files, faults)
    _tell_gaps(book, rows, files, faults)
    _tell_returns(book, rows, files, faults)
    return book, restated


def _numbered(names: pl.Series) -> tuple[pl.Series, IntArray]:
    """The different names in order, and each row's place among them."""
    codes = names.to_physical().to_numpy()
    first = np.full(int(codes.max()) + 1, -1, dtype=np.int64)
    first[codes[::-1]] = np.arange(codes.size - 1, -1, -1)
    present = np.flatnonzero(first >= 0)
    texts = names.gather(first[present]).cast(pl.String)
    order = texts.arg_sort().to_numpy()
    place = np.zeros(first.size, dtype=np.int64)
    place[present[order]] = np.arange(order.size)
    return texts.gather(order), place[codes]


def _order(rows: pl.DataFrame, loan: IntArray, month: IntArray) -> IndexArray | None:
    """What puts the rows in order of loan, month, delivery, day and version; None: they are."""
    if "version" in rows.columns:
        named = ("version", "day", "delivery")
        return np.lexsort((*(rows[name].to_numpy() for name in named), month, loan))
    span = int(month.max()) - int(month.min()) + 1
    key = loan * span + (month - month.min())
    key = key * _MOST_DELIVERIES + rows["delivery"].to_numpy()
    key = key * _DAYS + rows["day"].to_numpy()
    if bool((key[1:] >= key[:-1]).all()):
        return None
    return np.argsort(key, kind="stable")


def _last_told(
    rows: pl.DataFrame, loan: IntArray, month: IntArray, files: list[str], faults: FaultList
) -> tuple[BoolArray, Restated]:
    """Which row of each loan-month counts: the last of the latest delivery's last day, and of its
    latest version."""
    again = (loan[1:] == loan[:-1]) & (month[1:] == month[:-1])
    if not again.any():
        return np.ones(loan.size, dtype=bool), Restated(0, 0)
    delivery, day = rows["delivery"].to_numpy(), rows["day"].to_numpy()
    within = again & (delivery[1:] == delivery[:-1])
    other_day = day[1:] != day[:-1]
    anew = np.zeros(again.size, dtype=bool)
    if "version" in rows.columns:
        version = rows["version"].to_numpy()
        anew = within & ~other_day & (version[1:] > version[:-1])
    for file, numbers, _ in _by_file(rows, files, np.flatnonzero(anew)):
        what = "the loan and month are told by a later version too"
        faults.add("told_anew", file, numbers, what, effect="kept")
    for file, numbers, _ in _by_file(rows, files, np.flatnonzero(within & ~other_day & ~anew) + 1):
        faults.add(
            "told_twice", file, numbers, "the loan and month were told before", effect="kept"
        )
    for file, numbers, _ in _by_file(rows, files, np.flatnonzero(within & other_day)):
        what = "the loan is told again on a later day of the month"
        faults.add("several_days", file, numbers, what, effect="kept")
    later = np.flatnonzero(again & ~within) + 1
    columns = [name for name in ("balance", "days", "standing") if name in rows.columns]
    new, old = rows.select(columns)[later], rows.select(columns)[later - 1]
    same = np.ones(later.size, dtype=bool)
    for name in columns:
        same &= new[name].eq_missing(old[name]).to_numpy()
    return np.r_[~again, True], Restated(int(later.size), int((~same).sum()))


def _by_file(
    rows: pl.DataFrame, files: list[str], at: IndexArray
) -> Iterator[tuple[str, pl.Series, int]]:
    """Of rows at these places: each file, their numbers in it in order, the first's place."""
    some = rows.select("delivery", "row")[at].with_columns(pl.Series("at", at)).sort("row")
    for place, file in enumerate(files):
        of_file = some.filter(pl.col("delivery") == place)
        if of_file.height:
            yield file, of_file["row"], int(of_file["at"][0])


def _balance(rows: pl.DataFrame, files: list[str], faults: FaultList) -> IntArray:
    if "balance" not in rows.columns:
        return np.zeros(rows.height, dtype=np.int64)
    owed = rows["balance"].fill_null(0).to_numpy().astype(np.int64)
    if float(np.abs(owed.astype(np.float64)).sum()) > _MOST_OWED:
        raise BadInput(
            "the balances sum to more than can be held",
            field="balance",
            mend="look at `unit` and `format` of the column in tape.yaml",
        )
    for file, numbers, _ in _by_file(rows, files, np.flatnonzero(owed < 0)):
        what = "the balance is below zero"
        faults.add("negative_balance", file, numbers, what, effect="kept")
    return np.asarray(np.maximum(owed, 0))


def _states(rows: pl.DataFrame) -> IntArray:
    """The place in STATES: repaid and written off by their word, all others by days past due."""
    days = rows["days"].to_numpy()
    standing = rows["standing"].to_numpy()
    state = np.searchsorted(_EDGES, days, side="left").astype(np.int64)
    state[(days < 0) & (standing == NOT_TOLD)] = -1
    state[(standing == _DEFAULT) & (state < LATE_STATES - 1)] = LATE_STATES - 1
    state[standing == _WRITTEN_OFF] = STATES.index("written_off")
    state[standing == _REPAID] = STATES.index("repaid")
    return state


def _flags(rows: pl.DataFrame, name: str) -> BoolArray:
    flag = np.zeros(rows.height, dtype=bool)
    if name in rows.columns:
        flag |= rows[name].to_numpy() == 1
    if name == "impaired":
        flag |= rows["standing"].to_numpy() == _DEFAULT
    return flag


def _loans(rows: pl.DataFrame, loan: IntArray, ids: pl.Series) -> pl.DataFrame:
    ends = np.flatnonzero(np.r_[loan[1:] != loan[:-1], True])
    named = pl.DataFrame([ids.gather(loan[ends]).alias("id")])
    for name in rows.columns:
        if name not in _OF_ROWS:
            named = named.with_columns(rows[name][ends])
    if "begun" in rows.columns:  # an age may count anew from when a loan was modified
        starts = np.flatnonzero(np.r_[True, loan[1:] != loan[:-1]])
        named = named.with_columns(rows["begun"][starts].alias("opened"))
    if "opened" not in named.columns:
        named = named.with_columns(pl.lit(None, dtype=pl.Int32).alias("opened"))
    return named


def _tell_alike(book: Book, rows: pl.DataFrame, files: list[str], faults: FaultList) -> None:
    """Loans whose numbers differ by zeros before them alone, which a sheet drops: 00017 and 17."""
    ids = book.loans["id"]
    bare = ids.str.strip_chars_start("0")
    alike = (bare.is_duplicated() & (bare != "")).to_numpy()
    for file, numbers, first in _by_file(rows, files, book.first_rows()[alike]):
        own = int(book.loan[first])
        other = ids.filter((bare == bare[own]) & (ids != ids[own]))[0][:_LONGEST_NAME]
        what = f"loan {_called(book, first)} is told beside {other}, but for zeros the same"
        faults.add("numbers_alike", file, numbers, what, effect="kept")


def _tell_dates(book: Book, rows: pl.DataFrame, files: list[str], faults: FaultList) -> None:
    """Loans in default of which nobody tells the day, or a day before they were made."""
    if not book.dated:
        return
    dated = book.loans["defaulted"].fill_null(-1).to_numpy()[book.loan]
    made = book.loans["opened"].fill_null(-1).to_numpy()[book.loan]
    written_off = book.state == STATES.index("written_off")
    undated = (dated < 0) & (written_off | (book.state == STATES.index("91+")))
    for file, numbers, first in _by_file(rows, files, np.flatnonzero(undated)):
        what = f"no day tells since when loan {_called(book, first)} is in default"
        faults.add("default_not_dated", file, numbers, what, effect="kept")
    for file, numbers, first in _by_file(
        rows, files, np.flatnonzero((dated >= 0) & (dated < made))
    ):
        what = f"loan {_called(book, first)} is in default before it was made"
        faults.add("default_before_made", file, numbers, what, effect="kept")


def _tell_gaps(book: Book, rows: pl.DataFrame, files: list[str], faults: FaultList) -> None:
    """Months that no loan has are told once; then those that a loan alone lacks."""
    present = np.unique(book.month)
    _tell_absent(book, rows, files, faults, present)
    same = book.loan[1:] == book.loan[:-1]
    place = np.searchsorted(present, book.month)
    late = np.flatnonzero(same & (place[1:] > place[:-1] + 1)) + 1
    for file, numbers, first in _by_file(rows, files, late):
        missing = month_text(int(present[place[first - 1] + 1]))
        what = f"loan {_called(book, first)} has no row for {missing}"
        faults.add("month_missing", file, numbers, what, effect="kept")


def _tell_absent(
    book: Book, rows: pl.DataFrame, files: list[str], faults: FaultList, present: IntArray
) -> None:
    step, gaps = book.step, np.diff(present)
    if step > 1:
        what = f"the tape tells a month in {step} only: loans move from one of these to the next"
        _tell_of_month(book, rows, files, faults, ("by_period", int(present[1]), what))
    late = gaps > step
    if late.any():
        every = [month_text(month) for at, gap in zip(present, gaps, strict=False)
                 for month in range(int(at) + step, int(at + gap), step)]  # fmt: skip
        more = f" and {len(every) - _NAMED} more months" if len(every) > _NAMED else ""
        what = f"no loan has a row for {', '.join(every[:_NAMED])}{more}"
        _tell_of_month(book, rows, files, faults, ("month_absent", int(present[1:][late][0]), what))


def _tell_of_month(
    book: Book, rows: pl.DataFrame, files: list[str], faults: FaultList, said: tuple[Kind, int, str]
) -> None:
    """Tell of the whole tape, with the first row of a month."""
    kind, month, what = said
    for file, numbers, _ in _by_file(rows, files, np.flatnonzero(book.month == month)[:1]):
        faults.add(kind, file, numbers, what, effect="kept")


def _called(book: Book, row: int) -> str:
    """The loan of a row, as a sentence names it."""
    name = str(book.loans["id"][int(book.loan[row])])
    return name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}.."


def _tell_returns(book: Book, rows: pl.DataFrame, files: list[str], faults: FaultList) -> None:
    ended = book.state[:-1] >= LATE_STATES
    goes_on = (book.state[1:] >= 0) & (book.state[1:] < LATE_STATES)
    back = np.flatnonzero((book.loan[1:] == book.loan[:-1]) & ended & goes_on) + 1
    for file, numbers, first in _by_file(rows, files, back):
        what = (
            f"loan {_called(book, first)} was "
            f"{STATES[int(book.state[first - 1])].replace('_', ' ')}, and comes back"
        )
        faults.add("came_back", file, numbers, what, effect="kept")


def codes_of(column: pl.Series) -> tuple[Array, list[str]]:
    """A text column as places among its different values in order; null is the last, `""`."""
    texts = column.cast(pl.String).fill_null("")
    names = sorted(texts.unique().to_list(), key=lambda text: (text == "", text))
    places = dict(zip(names, range(len(names)), strict=True))
    return texts.replace_strict(places, return_dtype=pl.Int64).to_numpy(), names
