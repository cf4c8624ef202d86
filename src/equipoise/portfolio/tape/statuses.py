"""What the words of a tape's status say, and those among its numbers: over the whole file."""

from __future__ import annotations

from typing import Any

import polars as pl

from equipoise.contract.reading.blocks import read_blocks
from equipoise.portfolio.tape.choosing import MOST_WORDS, Making, words_of
from equipoise.portfolio.tape.document import COUNTS_LATENESS, Role, StatusWord, TapeColumn
from equipoise.portfolio.tape.histories import codes_in
from equipoise.portfolio.tape.published import PublishedCodes, published_codes
from equipoise.portfolio.tape.words import Meaning, among_numbers, codes_of, meaning_of

_SHOWN = 5  # words in a sentence


def status_words(making: Making, layout: Any) -> tuple[tuple[StatusWord, ...], int]:
    """What each word of the status means, and each among numbers of days or months late, over the
    whole file; and its rows."""
    spoken = [e for e in making.columns if e.role in ("status", *COUNTS_LATENESS)]
    headers = {each.role: each.columns or (each.column,) for each in spoken}
    columns = list(dict.fromkeys(name for names in headers.values() for name in names))
    different: dict[Role, set[str]] = {each.role: set() for each in spoken}
    rows = 0
    for block in read_blocks(making.path, columns or [making.frame.columns[0]], layout):
        rows += block.height
        for each in spoken:
            for name in headers[each.role]:
                different[each.role] |= set(words_of(_cells(each, block[name])))
    meanings: dict[str, StatusWord] = {}
    for each in spoken:
        absent = each.history.absent if each.history else ()
        words = different[each.role] - {str(code) for code in (*each.missing_codes, *absent)}
        numbers = each.role in COUNTS_LATENESS
        if numbers:
            words = {word for word in words if not any(c.isdigit() for c in word)}
        if len(words) > MOST_WORDS:
            _drop(making, each, len(words))
            continue
        explained = _explained(making, each, sorted(words), among=numbers)
        for said in explained:
            meanings.setdefault(said.says, said)
        _ask(making, each, sorted(words - {said.says for said in explained}))
    return tuple(meanings[word] for word in sorted(meanings)), rows


def _cells(each: TapeColumn, cells: pl.Series) -> pl.Series:
    """What the column's cells say: of histories, each month."""
    if each.history is None:
        return cells
    return codes_in(each.history, cells).explode()


def _ask(making: Making, each: TapeColumn, unknown: list[str]) -> None:
    """Let nothing be measured while words are not explained: those who are late may be in them."""
    if not unknown:
        return
    shown = ", ".join(f"'{word[:40]}'" for word in unknown[:_SHOWN])
    more = f" and {len(unknown) - _SHOWN} more" if len(unknown) > _SHOWN else ""
    doubt = f"{shown}{more} say nothing we know; explain them under `statuses`"
    asked = {"confirm": "; ".join(filter(None, (each.confirm, doubt)))}
    making.columns[making.columns.index(each)] = each.model_copy(update=asked)


def _drop(making: Making, each: TapeColumn, words: int) -> None:
    if each.role == "status":
        making.columns.remove(each)
        said = f"'{each.called}' has {words:,} different words, too many for a status: not read"
    else:
        said = f"'{each.called}' has {words:,} different words among its numbers: refused"
    making.review.append(said)


def _explained(
    making: Making, each: TapeColumn, words: list[str], *, among: bool
) -> list[StatusWord]:
    if each.history is not None and making.history is not None:
        says = sorted(making.history.says.items())
        return [StatusWord(says=code, means=said.standing, days=said.days) for code, said in says]
    codes = _codes(making, each, words, among=among)
    if codes is not None:
        making.review.append(f"statuses: read by {codes.named}")
    explained = []
    for word in words:
        meaning: Meaning | None
        if codes is not None and (listed := codes.explains(word)):
            meaning = Meaning(listed.means, listed.days)
        elif among:
            meaning = among_numbers(word)
        else:
            meaning = meaning_of(word) if codes is None else None
        if meaning is None:
            said = f"statuses: '{word}' says nothing we know; explain it, or its rows are refused"
            making.review.append(said)
        else:
            explained.append(StatusWord(says=word, means=meaning.standing, days=meaning.days))
    # a later delivery may have codes of the list that this one has not
    more = (said for said in (codes.says if codes else ()) if said.says not in words)
    return [*explained, *more]


def _codes(
    making: Making, each: TapeColumn, words: list[str], *, among: bool
) -> PublishedCodes | None:
    """The published list that explains a column's words: the layout's own, else by its words, which
    are no list where they stand `among` numbers."""
    columns = making.of.columns if making.of else ()
    own = next((e.codes for e in columns if e.name == each.column), "")
    by_id = {codes.id: codes for codes in published_codes()}
    return by_id.get(own) or (None if among else codes_of(each.called, words))
