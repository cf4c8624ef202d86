"""tape.yaml: what a loan tape's columns are, and how its cells and words are to be read."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, ClassVar, Literal, NamedTuple, get_args

from pydantic import AfterValidator, BeforeValidator
from pydantic import Field as Setting

from equipoise.contract.fields import Field, FieldType, Scalar
from equipoise.contract.reading.layout import TableLayout
from equipoise.documents import Document, Loaded, read_document
from equipoise.errors import BadInput, Faults, GateRefused
from equipoise.texts.wording import Text

TAPE = "tape.yaml"
Shape = Literal["monthly", "wide", "history", "final"]
Standing = Literal["current", "late", "default", "written_off", "repaid"]
Role = Literal[
    "loan", "formerly", "month", "version", "balance", "days_late", "months_late", "late_since",
    "status",
    "opened", "age", "defaulted", "closed", "amount", "term",
    "rate", "customer", "group", "currency", "industry", "region", "product", "channel", "grade",
    "asset_class", "pd", "pd_at_origination", "lgd", "collateral", "impaired", "forborne",
]  # fmt: skip
Unit = Literal[
    "", "percent", "minor", "thousand", "ten_thousand", "lakh", "million", "crore",
    "hundred_million", "full_months", "weeks",
]  # fmt: skip
ROLES: tuple[Role, ...] = get_args(Role)
# What each part is read as.
KINDS: dict[Role, FieldType] = {
    "month": "date",
    "version": "date",
    "late_since": "date",
    "opened": "date",
    "defaulted": "date",
    "closed": "date",
    "balance": "number",
    "amount": "number",
    "collateral": "number",
    "days_late": "number",
    "months_late": "number",
    "age": "number",
    "term": "number",
    "rate": "number",
    "pd": "number",
    "pd_at_origination": "number",
    "lgd": "number",
    "impaired": "boolean",
    "forborne": "boolean",
}
MONEY: tuple[Role, ...] = ("balance", "amount", "collateral")
SHARES: tuple[Role, ...] = ("rate", "pd", "pd_at_origination", "lgd")
SEGMENTS: tuple[Role, ...] = ("industry", "region", "product", "channel", "grade")
COUNTS_LATENESS: tuple[Role, ...] = ("days_late", "months_late")
TELLS_LATENESS: tuple[Role, ...] = (
    *COUNTS_LATENESS, "late_since", "status", "defaulted", "impaired"
)  # fmt: skip
ONCE: tuple[Role, ...] = ("defaulted", "closed")  # told of a loan, not of a loan in a month
DASHES = ("-", "--", "–", "—", "无", "nil")  # stand in a cell that is left empty
YEAR_AND_MONTH = ("year", "month")
UNITS: dict[Unit, tuple[Role, ...]] = {
    "percent": SHARES,
    "full_months": ("months_late",),
    "weeks": ("months_late",),
    **dict.fromkeys(
        ("minor", "thousand", "ten_thousand", "lakh", "million", "crore", "hundred_million"), MONEY
    ),
}
SCALES: dict[Unit, float] = {
    "thousand": 1e3, "ten_thousand": 1e4, "lakh": 1e5, "million": 1e6, "crore": 1e7,
    "hundred_million": 1e8,
}  # fmt: skip
BY_MONTH: tuple[Role, ...] = (
    "balance", "days_late", "months_late", "late_since", "status", "impaired", "forborne", "pd"
)  # fmt: skip
IN_A_CELL: tuple[Role, ...] = ("months_late", "days_late", "status", "balance")


class History(Document):
    """Months that stand in one cell of a loan, as `000012C` or `0,0,31`: which end is the `newest`,
    and what stands between two of them; without a `separator` each `width` characters are a month.
    Of months that read as one of `absent` the loan has no row: it was not on the book."""

    newest: Literal["first", "last"]
    separator: str = Setting(default="", max_length=3)
    width: int = Setting(default=1, ge=1, le=4)
    absent: tuple[str, ...] = ()


class TapeColumn(Document):
    """One column's part in the tape, or, where months stand as columns, one part's columns.

    `columns` stand in the order of the tape's `months`; of a month that stands in two, its year and
    its number. `other_formats` are tried for days that are not written by `format`. `unit`: shares
    (rate, PDs, lgd) may be written in per cent, amounts in other units than the currency's, and
    months late as full ones (1 is 30 to 59 days) or as weeks. `below_zero`: what is owed is written
    with a minus, as in a ledger of claims. `empty`: a cell without days or months late is of a loan
    that is not late, where nobody writes 0. While `confirm` stands nothing is measured: it says in
    which other way the column may be read.
    """

    role: Role
    column: str = ""
    columns: tuple[str, ...] = ()
    below_zero: bool = False
    format: str = ""
    unit: Unit = ""
    other_formats: tuple[str, ...] = ()
    missing_codes: tuple[Scalar, ...] = ()
    history: History | None = None
    empty: Literal["", "not_late"] = ""
    confirm: str = ""
    review: tuple[str, ...] = ()

    @property
    def called(self) -> str:
        """Its column's name; of several the first's."""
        return self.column or self.columns[0]

    def field(self, column: str) -> Field:
        """How the cells of this part are read, as a contract reads a field's."""
        return Field(
            name=self.role,
            column=column,
            type=KINDS.get(self.role, "string"),
            format=self.format,
            missing_codes=self.missing_codes,
        )


class StatusWord(Document):
    """What a word of the status column says; `days` at least past due, where it says so."""

    says: Text
    means: Standing
    days: int = Setting(default=0, ge=0)


def month_of(text: str) -> int | None:
    """YYYY-MM as months since the year 0; None where it is none."""
    year, _, month = text.partition("-")
    if not (len(year) == 4 and year.isdigit() and len(month) == 2 and month.isdigit()):
        return None
    return int(year) * 12 + int(month) - 1 if 1 <= int(month) <= 12 else None


def month_text(month: int) -> str:
    """Months since the year 0 as YYYY-MM."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def last_day(month: int) -> date:
    """The last day of a month, counted since the year 0."""
    year, place = divmod(month, 12)
    return date(year, place + 1, monthrange(year, place + 1)[1])


def _as_months(months: object) -> object:
    """YAML reads 2026-05 as text, and 2026-05-31 as a day: both are months."""
    return tuple(str(each)[:7] for each in months) if isinstance(months, list) else months


def _of_the_calendar(months: tuple[str, ...]) -> tuple[str, ...]:
    for each in months:
        if month_of(each) is None:
            raise ValueError(f"'{each}' is no month; write 2026-05")
    if len(set(months)) != len(months):
        raise ValueError("a month is listed twice")
    return months


Months = Annotated[tuple[str, ...], BeforeValidator(_as_months), AfterValidator(_of_the_calendar)]


class Delivery(Document):
    """What is known of a file as it was delivered; `months` where they are not the tape's."""

    months: Months = ()
    sha256: str = Setting(default="", pattern=r"^([0-9a-f]{64})?$")
    rows: int = Setting(default=0, ge=0)


class Tape(Document):
    """A tape's contract. `shape`: a row for each loan and month, for each loan with months as
    columns, for each loan with its months in one cell, or for each loan as it stands now.

    `months` (YYYY-MM) are those of the columns of a wide tape, the one month of a final one, or the
    newest of the histories where no column tells it.
    `deliveries` are files, oldest first: of a loan-month that several tell, the last counts.
    `currency` is the code of the currency that is measured; rows in others are refused.
    """

    begun_by: ClassVar[str] = "have one drafted with `equipoise portfolio draft --tape FILE`"

    name: Text
    shape: Shape
    currency: str = ""
    deliveries: Annotated[dict[str, Delivery], Setting(min_length=1)]
    layout: TableLayout | None = None
    months: Months = ()
    columns: tuple[TapeColumn, ...] = Setting(min_length=1)
    statuses: tuple[StatusWord, ...] = ()
    confirm: str = ""
    review: tuple[str, ...] = ()

    def column(self, role: Role) -> TapeColumn | None:
        """The column that plays the part, if one does."""
        return next((each for each in self.columns if each.role == role), None)


class _Problem(NamedTuple):
    keys: tuple[str | int, ...]
    message: str
    mend: str


def read_tape_document(path: Path) -> Loaded[Tape]:
    """Read tape.yaml. Raises BadInput or Faults with file, line, field and mend."""
    loaded = read_document(path, Tape)
    if problems := list(_problems(loaded.value)):
        raise Faults(
            BadInput(p.message, where=loaded.span(*p.keys), field=str(p.keys[-1]), mend=p.mend)
            for p in problems
        )
    return loaded


def _problems(tape: Tape) -> Iterator[_Problem]:
    yield from _parts(tape)
    if tape.column("currency") is not None and not tape.currency:
        yield _Problem(
            ("name",),
            "a column tells the currency, and the tape is measured in none",
            "name the one that is measured as `currency`, as in CNY",
        )
    wide = tape.shape == "wide"
    if tape.shape == "monthly" and tape.months:
        yield _Problem(("months",), "a monthly tape tells its months in a column", "leave it out")
    if wide and not tape.months:
        yield _Problem(("shape",), "a wide tape lists its months", "give `months`, as columns are")
    for file, delivery in tape.deliveries.items():
        if delivery.months and len(delivery.months) != len(tape.months):
            yield _Problem(
                ("deliveries", file),
                f"{len(delivery.months)} months are given, and the tape has {len(tape.months)}",
                "give as many as the tape has",
            )
    if tape.shape == "final" and len(tape.months) != 1:
        yield _Problem(("shape",), "a final tape has one month", "give it in `months`: [2026-05]")
    yield from _histories(tape)
    for at, each in enumerate(tape.columns):
        yield from _of_column(tape, at, each)
    said = [each.says for each in tape.statuses]
    for at, word in enumerate(said):
        if word in said[:at]:
            yield _Problem(("statuses", at), f"'{word}' is explained twice", "keep one of them")


def _histories(tape: Tape) -> Iterator[_Problem]:
    told = [at for at, each in enumerate(tape.columns) if each.history is not None]
    if tape.shape != "history":
        for at in told:
            yield _Problem(
                ("columns", at, "history"), "this tape has no months in a cell", "leave it out"
            )
        return
    if not told:
        yield _Problem(
            ("shape",), "no column holds a history", "give one `history: {newest: first}`"
        )
    if len(tape.months) != (tape.column("month") is None):
        yield _Problem(
            ("shape",),
            "a tape of histories has one newest month, or a column that tells it",
            "give it in `months`: [2026-05], or one the role `month`",
        )
    for at in told:
        if tape.columns[at].role not in IN_A_CELL:
            yield _Problem(
                ("columns", at, "history"),
                f"the {tape.columns[at].role} is not told as a history",
                f"one tells {', '.join(IN_A_CELL)}",
            )


def _parts(tape: Tape) -> Iterator[_Problem]:
    roles = [each.role for each in tape.columns]
    if "loan" not in roles:
        yield _Problem(("columns",), "no column names the loan", "give one the role `loan`")
    if tape.shape == "monthly" and "month" not in roles:
        yield _Problem(("columns",), "no column tells the month", "give one the role `month`")
    if not set(roles) & set(TELLS_LATENESS):
        yield _Problem(
            ("columns",),
            "no column tells how late a loan is",
            f"give one a role of {', '.join(TELLS_LATENESS)}",
        )
    for at, role in enumerate(roles):
        if role in roles[:at]:
            yield _Problem(("columns", at), f"two columns are the {role}", "keep one of them")


def _of_column(tape: Tape, at: int, each: TapeColumn) -> Iterator[_Problem]:
    if each.unit and each.role not in UNITS[each.unit]:
        yield _Problem(
            ("columns", at, "unit"),
            f"the {each.role} is not told in the unit '{each.unit}'",
            f"that is a unit of {', '.join(UNITS[each.unit])}; leave it out",
        )
    if each.below_zero and each.role not in MONEY:
        yield _Problem(
            ("columns", at, "below_zero"), f"the {each.role} is no amount", "leave it out"
        )
    if each.empty and each.role not in COUNTS_LATENESS:
        yield _Problem(
            ("columns", at, "empty"), f"the {each.role} counts no days or months", "leave it out"
        )
    if each.role in ONCE and tape.shape == "monthly":
        yield _Problem(
            ("columns", at),
            f"a monthly tape tells month by month how late a loan is, and not when it {each.role}",
            "leave it out",
        )
    if bool(each.column) == bool(each.columns):
        yield _Problem(("columns", at), f"the {each.role} has no column, or both", "name one")
    elif each.role == "month" and each.columns:
        if len(each.columns) != len(YEAR_AND_MONTH):
            yield _Problem(
                ("columns", at, "columns"),
                "the month stands in one column, or in its year and its number",
                "name both, the year first",
            )
    elif each.columns and (tape.shape != "wide" or each.role not in BY_MONTH):
        yield _Problem(
            ("columns", at, "columns"), f"the {each.role} has one column", "name it as `column`"
        )
    elif each.columns and len(each.columns) != len(tape.months):
        yield _Problem(
            ("columns", at, "columns"),
            f"{len(each.columns)} columns tell the {each.role}, of {len(tape.months)} months",
            "list a column for each of `months`, in their order",
        )


def require_confirmed(tape: Loaded[Tape]) -> None:
    """Let nothing be measured of what nobody confirmed. Raises GateRefused, or Faults with all."""
    standing = [
        GateRefused(
            f"how the {each.role} is written is not confirmed: {each.confirm}",
            where=tape.span("columns", at, "confirm"),
            field=each.role,
            mend="mend it where it is wrong, then delete `confirm`",
        )
        for at, each in enumerate(tape.value.columns)
        if each.confirm
    ]
    if tape.value.confirm:
        standing.insert(
            0,
            GateRefused(
                f"the tape's months are not confirmed: {tape.value.confirm}",
                where=tape.span("confirm"),
                field="months",
                mend="mend `months` where they are wrong, then delete `confirm`",
            ),
        )
    if standing:
        raise standing[0] if len(standing) == 1 else Faults(standing)
