"""Drafting how a column of payment histories is read: what stands for a month, which end is the
newest, and what each code says, by what is plausible of loans."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import polars as pl

from equipoise.contract.lexicon import identifier_kind
from equipoise.contract.lexicon.terms import terms
from equipoise.portfolio.tape.document import TELLS_LATENESS, History, Role, TapeColumn
from equipoise.portfolio.tape.histories import codes_in
from equipoise.portfolio.tape.names import role_of
from equipoise.portfolio.tape.published import PublishedHistory, published_histories
from equipoise.portfolio.tape.words import NOT_KNOWN, Meaning, among_numbers

_NAMED = terms("""
    history hist payment_history pay_history pay_hist payhist payment_string pay_string
    payment_pattern pay_pattern payment_profile repayment_history delinquency_history
    delinquency_string arrears_history dpd_string dpd_history status_string status_history
    conduct_history track_record historial historico zahlungshistorie historique
    还款记录 还款历史 还款状态 逾期记录 逾期历史 历史 24个月 24期
""")
_DAYS = terms("days dpd tage dias jours giorni 天数 日数")
_SEPARATORS = (",", ";", "|", "/", " ", "-", "_")
_CODE = re.compile(r"[^\W\d_]{0,12}-?\d{0,4}|[*#?.]")
_CHARACTERS = re.compile(r"[0-9A-Za-z*#/?.\-_=+]+")
_LOOKED_AT = 2_000  # cells
_LEAST_MONTHS = 3
_MOST_CODES = 16
_MOSTLY, _ENOUGH_SPOKEN, _SELDOM, _ALIKE = 0.95, 0.8, 0.05, 0.6
_ENOUGH = 20  # moves from month to month, that tell something
_MOST_MONTHS_LATE = 36
_UNTOLD = frozenset({*NOT_KNOWN, "?", ".", "#", "_", "-", "="})
_BEFORE_IT_WAS_MADE = frozenset({"/"})
_CODES = {each: Meaning("current") for each in ("N", "C", "*")} | {"W": Meaning("written_off")}
_SHOWN = 200
_NOTHING = _UNTOLD | _BEFORE_IT_WAS_MADE | {""}


@dataclass(frozen=True, slots=True)
class HistoryDraft:
    """A column of histories as it was drafted, and what its codes say that are no numbers."""

    column: TapeColumn
    says: dict[str, Meaning]


def history_in(frame: pl.DataFrame, asked: Sequence[str] = ()) -> HistoryDraft | None:
    """The column of a tape that holds histories; None where there is none. One that nobody calls
    so is looked for where no other column is called what tells how late a loan is, and among those
    that a person `asked` for."""
    named = [each for each in frame.columns if _NAMED.within(each)]
    told = any(role_of(each) in TELLS_LATENESS for each in frame.columns)
    others = [each for each in frame.columns if not identifier_kind(each)]
    for header in named or (asked if told else others):
        if frame[header].dtype != pl.String:
            continue
        cells = frame[header].drop_nulls().str.strip_chars()
        cells = cells.filter(cells != "").head(_LOOKED_AT)
        if cells.len() and (made := _drafted(header, cells, by_name=header in named)):
            return made
    return None


def _drafted(header: str, cells: pl.Series, *, by_name: bool) -> HistoryDraft | None:
    readings = [
        (reading, loans)
        for reading in _readings(cells)
        if (loans := _loans(reading, cells)) and _tells_lateness(header, loans)
    ]
    if not readings:
        return None
    reading, loans = min(readings, key=lambda each: min(_jumps(each[1])[:2]))
    codes = Counter(code for loan in loans for code in loan)
    if not by_name and not _by_its_cells(cells, loans):
        return None
    return _made(header, reading, loans, codes, by_name=by_name)


def _readings(cells: pl.Series) -> Iterator[History]:
    """What may stand for a month in these cells."""
    texts = cells.to_list()
    bare = [text.strip("[](){}\"' ") for text in texts]
    for separator in _SEPARATORS:
        some = [text for text in bare if separator in text]
        parts = [[part.strip(" \"'") for part in text.split(separator)] for text in some]
        fits = sum(all(part and _CODE.fullmatch(part) for part in loan) for loan in parts)
        if len(some) >= 0.5 * len(bare) and fits >= _MOSTLY * len(some) > 0:
            yield History(newest="last", separator=separator)
            return
    if sum(bool(_CHARACTERS.fullmatch(text)) for text in bare) < _MOSTLY * len(bare):
        return
    yield History(newest="last")
    if all(len(text) % 2 == 0 for text in bare):
        yield History(newest="last", width=2)


def _loans(reading: History, cells: pl.Series) -> list[list[str]]:
    """The codes of each loan, left to right; none where too few have some months."""
    lists = codes_in(reading, cells).list.reverse().to_list()
    long = [each for each in lists if len(each) >= _LEAST_MONTHS]
    return lists if len(long) >= 0.5 * len(lists) else []


def _tells_lateness(header: str, loans: list[list[str]]) -> bool:
    """Whether most codes are known, there are not too many, and loans grow late month by month."""
    codes = Counter(code for loan in loans for code in loan)
    spoken = sum(n for code, n in codes.items() if _severity(code) is not None or code in _NOTHING)
    few = len(codes) <= _MOST_CODES or _in_days(header, codes)
    return few and spoken >= _ENOUGH_SPOKEN * codes.total() and _jumps(loans).seldom


def _severity(code: str) -> int | None:
    """Months late, more or less; None where the code tells none."""
    text = code.strip()
    if text.lstrip("-").isdigit():
        return max(int(text), 0)
    meaning = _CODES.get(text) or among_numbers(text)
    return None if meaning is None else -(-meaning.days // 30)


def _moves(loan: Sequence[str]) -> Iterator[tuple[int, int]]:
    for before, after in pairwise(map(_severity, loan)):
        if before is not None and after is not None:
            yield before, after


class _Jumps(NamedTuple):
    """Of `moves` from month to month, left to right, those that skip a month of lateness upwards,
    and those that do where the newest month is on the left."""

    onwards: int
    back: int
    moves: int

    @property
    def seldom(self) -> bool:
        """Whether the better end leaves few, if any: loans grow late month by month."""
        return min(self.onwards, self.back) <= _SELDOM * self.moves


def _jumps(loans: Iterable[Sequence[str]]) -> _Jumps:
    """Numbers that are days count as months by their thirties."""
    moves = [move for loan in loans for move in _moves(loan)]
    size = 31 if max((max(move) for move in moves), default=0) > _MOST_MONTHS_LATE else 1
    onwards = sum(-(-after // size) > -(-before // size) + 1 for before, after in moves)
    back = sum(-(-before // size) > -(-after // size) + 1 for before, after in moves)
    return _Jumps(onwards, back, len(moves))


def _by_its_cells(cells: pl.Series, loans: list[list[str]]) -> bool:
    """Whether cells that nobody calls histories are some all the same: most months are like the one
    before, hardly any skips a month of lateness, and loans share them."""
    pairs = [pair for loan in loans for pair in pairwise(loan)]
    known = [code for loan in loans for code in loan if _severity(code) is not None]
    told = sum(len(loan) for loan in loans)
    alike = sum(before == after for before, after in pairs)
    longest = max(map(len, loans)) >= 2 * _LEAST_MONTHS
    return (
        longest
        and _jumps(loans).moves >= _ENOUGH
        and len(known) >= _MOSTLY * told
        and alike >= _ALIKE * len(pairs)
        and cells.n_unique() < cells.len()
    )


def _in_days(header: str, codes: Counter[str]) -> bool:
    numbers = [int(code) for code in codes if code.lstrip("-").isdigit()]
    return bool(_DAYS.within(header)) or max(numbers, default=0) > _MOST_MONTHS_LATE


def _made(
    header: str, reading: History, loans: list[list[str]], codes: Counter[str], *, by_name: bool
) -> HistoryDraft:
    letters = {code for code in codes if not code.lstrip("-").isdigit()} - {""}
    known, by_codes = _published(header, letters)
    last, doubts = _newest(loans, known)
    if known is not None and by_codes:
        doubts.append(f"its codes were read as {known.named}")
    if not by_name:
        doubts.insert(0, f"'{header}' looks like months of lateness, as in '{_example(loans)}'")
    says = {code: said for code in letters if (said := _says(code, loans, last=last))}
    untold, absent = letters & _UNTOLD, letters & _BEFORE_IT_WAS_MADE
    if known is not None:
        says |= {each.says: Meaning(each.means, each.days) for each in known.says}
        untold, absent = {*known.missing_codes}, {*known.absent}
    if last:
        doubts += _ends_early(loans, says)
    role = _role(header, codes, letters)
    review = [f"role: {'by its name' if by_name else 'by its cells'}, months in one cell"]
    if known is not None:
        source = f"{known.source}; verified: {known.verified}"
        review.append(f"statuses: read by {known.named} ({source}). {known.note}")
    if role == "months_late" and not (known and known.unit):
        review.append("unit: 1 was taken for 1 to 30 days past due; `full_months` is 30 to 59")
    jumps = _jumps(loans)
    review.append(
        f"newest: of {jumps.moves:,} moves {jumps.onwards:,} skip a month of lateness where it is "
        f"the last, {jumps.back:,} where it is the first"
    )
    history = {"newest": "last" if last else "first", "absent": tuple(sorted(absent))}
    column = TapeColumn(
        role=role,
        column=header,
        unit=known.unit if known and role == "months_late" else "",
        missing_codes=tuple(sorted(untold - says.keys())),
        history=reading.model_copy(update=history),
        confirm="; ".join(doubts),
        review=tuple(review),
    )
    return HistoryDraft(column, says)


def _newest(loans: list[list[str]], known: PublishedHistory | None) -> tuple[bool, list[str]]:
    """Whether the newest month is the last of a cell, and what is to be asked of it: loans grow
    late month by month, and hardly ever skip one."""
    jumps = _jumps(loans)
    better, other = sorted(jumps[:2])
    sure = other >= _LEAST_MONTHS * max(better, 1)
    last = known.newest == "last" if known is not None else True
    if sure:
        last = jumps.onwards == better
    if sure and (known is None or last == (known.newest == "last")):
        return last, []
    if known is not None and not sure:
        return last, []
    end = "last" if last else "first"
    return last, [
        f"the {end} place, as of '{_example(loans)}', was taken for the newest month; mend "
        "`newest` where it is the other"
    ]


def _role(header: str, codes: Counter[str], letters: set[str]) -> Role:
    if _in_days(header, codes):
        return "days_late"
    words = letters == {*codes} - {""} and not letters & {"N", "C"}
    return "status" if words else "months_late"


def _example(loans: list[list[str]]) -> str:
    """A loan's codes, of one that has several."""
    ranked = sorted(loans[:_SHOWN], key=len)
    return "".join(max(ranked, key=lambda loan: len({*loan})))[:24]


def _ends_early(loans: list[list[str]], says: dict[str, Meaning]) -> list[str]:
    """What to ask where histories of ended loans are shorter: their last month may be another than
    that of the others."""
    ends = [(len(loan), says.get(loan[-1])) for loan in loans if loan]
    ended = [size for size, end in ends if end and end.standing in ("repaid", "written_off")]
    longest = max(size for size, _ in ends)
    if not ended or min(ended) == longest:
        return []
    return [
        f"loans that ended have fewer months ({min(ended)}) than others ({longest}), and the last "
        "of them was taken for the newest month too: where it is an earlier one, fill the cells up"
    ]


def _published(header: str, letters: set[str]) -> tuple[PublishedHistory | None, bool]:
    """The published form that a column is of, and whether its codes alone say so."""
    for each in published_histories():
        if terms(" ".join(each.headers)).within(header):
            return each, False
    by_codes = (e for e in published_histories() if letters & {*e.tells} and letters <= e.letters)
    return next(by_codes, None), True


def _says(code: str, loans: list[list[str]], *, last: bool) -> Meaning | None:
    """What a code that is no number says; None where nobody knows, or where it tells nothing."""
    if code in _NOTHING:
        return None
    if code == "C" and _ends_with(code, loans, last=last):
        return Meaning("repaid")
    return _CODES.get(code) or among_numbers(code)


def _ends_with(code: str, loans: list[list[str]], *, last: bool) -> bool:
    """Whether loans that pay have another code, and end with this one: nothing ever follows it."""
    nothing = _NOTHING | {code}
    for loan in loans:
        onwards = loan if last else loan[::-1]
        if code in onwards and not nothing >= set(onwards[onwards.index(code) :]):
            return False
    return any(_severity(each) == 0 and each != code for loan in loans for each in loan)
