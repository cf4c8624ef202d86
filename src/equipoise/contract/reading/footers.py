"""Lines below a table that are none of its rows: totals, counts of rows, notes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from equipoise.contract.reading.headers import NUMBER, filled

MOST_FOOTER = 40
_WORDS = (
    r"(grand |sub)?-?totals?|sum|sums|subtotal|average|mean|gesamt(summe)?|summe|insgesamt|"
    r"totale|totaal|total général|total geral|suma|razem|ogółem|celkem|összesen|toplam|итого|"
    r"всего|сумма|合计|总计|小计|合計|總計|総計|합계|المجموع|कुल|jumlah|tổng( cộng)?|σύνολο|סך הכל|"
    r"summa|yhteensä"
)
_TOTAL = re.compile(rf"\s*[*(]*({_WORDS})\b", re.I)
_ONLY_TOTAL = re.compile(rf"\s*({_WORDS})\s*[:.)]*\s*", re.I)
_NOTE = re.compile(
    r"\s*([*(#]*\s*\d[\d,.']*\s+(rows?|records?|lines?|observations?|zeilen|filas|lignes)\b"
    r"|(no\.?|number|count|anzahl|nombre|número) (of|der|de) \w+"
    r"|(rows?|records?|row count|record count|zeilen|datensätze|filas|lignes)\s*[:=]"
    r"|(note|notes|source|sources|quelle|fuente|hinweis|nota|remark|disclaimer)s?\s*:"
    r"|[*†‡©]|<?\s*end of|(generated|exported|created|printed|run|erstellt|generado|as of)\b"
    r"|---|===)",
    re.I,
)
_FEW = 0.5
_WORDS_OF_A_SENTENCE = 3


def footer_of(rows: Sequence[Sequence[str]], width: int) -> int:
    """How many of the last rows are a footer, blank ones among them; 0 where none is.

    A row is one only if it could be no row of the table: after a blank row, with another number of
    cells or few of them filled; a total; a note. A row that is merely cut short is none.
    """
    body = [row for row in rows if len(row) == width and filled(row)]
    usual = sorted(map(filled, body))[len(body) // 2] if body else width
    firsts = Counter(row[0].strip().lower() for row in body)
    last = len(rows)
    for at in range(len(rows) - 1, max(-1, len(rows) - 1 - MOST_FOOTER), -1):
        row = rows[at]
        if not filled(row):
            if at < last - 1 and all(not fits(each, width, usual) for each in rows[at + 1 :]):
                last = at
            continue
        if at >= last or _ends_the_table(row, width, usual, firsts):
            last = min(at, last)
        elif fits(row, width, usual):
            break
    while last < len(rows) and last > 0 and not filled(rows[last - 1]):
        last -= 1
    return len(rows) - last if any(map(filled, rows[last:])) else 0


def fits(row: Sequence[str], width: int, usual: int) -> bool:
    """Whether a row could be one of the table: as many cells, and enough of them filled."""
    return len(row) == width and filled(row) > _FEW * usual


def _ends_the_table(row: Sequence[str], width: int, usual: int, firsts: Counter[str]) -> bool:
    first = next(cell for cell in row if cell.strip())
    if fits(row, width, usual):
        # a whole row of totals: only where the word stands alone, and is no value of the column
        alone = _ONLY_TOTAL.fullmatch(first) and (row[0] == first or not row[0].strip())
        return bool(alone) and firsts[first.strip().lower()] <= 1 < width
    if _TOTAL.match(first) or _NOTE.match(first):
        return True
    if filled(row) > 1 or width <= 2 or NUMBER.fullmatch(first):
        return False
    words = _WORDS_OF_A_SENTENCE
    return len(first.split()) >= words > max(len(each.split()) for each in firsts)


def footer_remark(lines: Sequence[tuple[int, Sequence[str]]], unit: str) -> str:
    """What a person should hear of a footer that was left out; `lines` are its filled ones."""
    text = " ".join(cell.strip() for cell in lines[0][1] if cell.strip())[:60]
    if len(lines) == 1:
        return f"the last {unit} ({lines[0][0]:,}) is a footer ('{text}'): left out"
    place = f"from {unit} {lines[0][0]:,}, '{text}'"
    return f"the last {len(lines)} {unit}s are a footer ({place}): left out"
