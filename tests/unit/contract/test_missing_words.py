"""Every word by which a file's cells say that nothing is known; the list is written out here, so
that none vanishes unseen."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from equipoise.contract.inference import Guess, guess_type

ALWAYS = [
    "#div/0!", "#n/a", "#n/a n/a", "#name?", "#null!", "#num!", "#ref!", "#value!", "(blank)",
    "(empty)", "(null)", "-", "--", "-1.#ind", ".", "...", "1.#qnan", "<na>", "<null>", "?",
    "[null]", r"\\n", r"\n", "b.d.", "bilinmiyor", "brak danych", "desconhecido",
    "desconocido", "fehlt", "inconnu", "k. a.", "k.a.", "keine angabe", "keine angaben",
    "missing", "n.a", "n.a.", "n.c.", "n.d.", "n.v.", "n/a", "n/d", "n/v", "na", "nan",
    "nao informado", "nat", "nc", "nicht verfügbar", "nie dotyczy", "nieznane", "nil",
    "no aplica", "no data", "no disponible", "no informado", "no information",
    "non disponibile", "non disponible", "non renseigne", "non renseigné", "none",
    "not applicable", "not available", "not known", "not provided", "not recorded",
    "not reported", "not stated", "null", "não disponível", "não informado", "não se aplica",
    "okänd", "onbekend", "s/d", "sconosciuto", "sem dados", "sem informação", "sin dato",
    "sin datos", "sin informacion", "sin información", "tidak ada data", "ukendt", "ukjent",
    "unavailable", "unbekannt", "undefined", "unknown", "unspecified", "veri yok", "xna",
    "н/д", "не указан", "не указано", "неизвестно", "нет данных", "غير متوفر", "غير معروف",
    "–", "—", "…", "不明", "不詳", "不详", "暂无", "未填", "未知", "空值", "缺失", "미상",
    "알 수 없음",
]  # fmt: skip
AMONG_NUMBERS = [
    "*", "/", "bd", "blank", "brak", "empty", "nd", "no", "x", "нет", "なし", "无", "没有", "無",
    "空", "없음",
]  # fmt: skip


def guess(cells: list[str]) -> Guess:
    return guess_type(pl.Series("x", cells), date(2026, 11, 28))


@pytest.mark.parametrize("write", [str, str.upper], ids=["as listed", "in capitals"])
def test_a_word_among_numbers_says_that_the_number_is_missing(write):
    for word in (write(each) for each in [*ALWAYS, *AMONG_NUMBERS]):
        column = guess(["1250", "980", word, "1415", word])
        read = (column.type, column.missing_codes, column.missing_rows, column.unread)
        assert read == ("integer", (word,), 2, 0), word


def test_a_word_among_words_says_so_too():
    for word in ALWAYS:
        column = guess(["farm", "shop", word, "farm", "mine", "shop"] * 4)
        assert (column.type, column.missing_codes) == ("string", (word,)), word


def test_what_may_be_an_answer_among_words_stays_one():
    for word in AMONG_NUMBERS:
        column = guess(["farm", "shop", word, "farm", "mine", "shop"] * 4)
        assert (column.type, column.missing_codes) == ("string", ()), word
