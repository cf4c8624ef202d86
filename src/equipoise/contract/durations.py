"""Formats of durations: months and years, however the cells name them.

`months` reads `24 months`, `36 mo`, `2 yrs`, `2 years 3 months`, `24 Monate`, `12个月` and a bare
`24` as months; `years` reads the same as years, with `10+ years` as 10 and `< 1 year` as 0.
"""

from __future__ import annotations

from equipoise.contract.spelling import Spelling, Steps, Term, any_of


def _by_length(words: str) -> tuple[str, ...]:
    """The words, longest first, so that none is taken for the start of another."""
    return tuple(sorted(words.split(), key=lambda each: (-len(each), each)))


# in small letters of ASCII; of other letters as they are written
MONTH_WORDS = _by_length(
    "m mo mos mon mth mths mnth mnths month months monat monate monaten monats mois mes meses mês "
    "mesi mese maand maanden månad månader måned måneder mdr mnd miesiąc miesiące miesięcy mies "
    "месяц месяца месяцев мес 个月 個月 か月 ヶ月 ヵ月 개월 月 期 ay"
)
YEAR_WORDS = _by_length(
    "y yr yrs year years jahr jahre jahren an ans année années año años ano anos anno anni jaar "
    "jaren år rok roku lata lat год года лет 年 년 yıl"
)
CONNECTING_WORDS = _by_length("and und et y e en i og och и")
MONTHS_A_YEAR = 12

_NUMBER = "[0-9]+(?:[.,][0-9]+)?"
_YEARS = f" ?(?:[+] ?)?(?:{any_of(YEAR_WORDS)})[.]?"
_MONTHS = f" ?(?:[+] ?)?(?:{any_of(MONTH_WORDS)})[.]?"
_JOINED = f",? ?(?:零|(?:{'|'.join(CONNECTING_WORDS)}) )?"
_SHAPE = (
    f"(?:>? ?{_NUMBER}(?:{_YEARS}|{_MONTHS}| ?[+])? ?[+]?"
    f"|{_NUMBER}{_YEARS}{_JOINED}{_NUMBER}{_MONTHS}"
    f"|< ?1 ?(?:{any_of((*YEAR_WORDS, *MONTH_WORDS))})[.]?)"
)
_BELOW_ONE = ("^<.*$", "0")
_BARE = f"^>? ?{_NUMBER} ?[+]? ?[+]?$"
_SIGNS: Steps = (("[_> +]", ""), (",", "."))
_CUT_YEARS = (f"{_YEARS}.*$", "_")  # a mark that no cell holds
_HEAD = (f"^>? ?{_NUMBER}{_YEARS}[ ,]*", "0")
_CUT_MONTHS = (f"{_MONTHS}.*$", "")
_OTHERS = ("[^0-9.,]", "")


def _spelling(written: str, years: Steps, months: Steps) -> Spelling:
    by_year = Term(years, times=float(MONTHS_A_YEAR)), Term(months)
    by_month = Term(years), Term(months, over=float(MONTHS_A_YEAR))
    terms = by_year if written == "months" else by_month
    return Spelling(written, _SHAPE, "", terms, lower=True)


DURATIONS: dict[str, Spelling] = {
    "months": _spelling(
        "months",
        years=(_BELOW_ONE, _CUT_YEARS, ("^[^_]*$", "0"), *_SIGNS),
        months=(_BELOW_ONE, _HEAD, _CUT_MONTHS, _OTHERS, *_SIGNS),
    ),
    "years": _spelling(
        "years",
        years=(_BELOW_ONE, _CUT_YEARS, (f"^.*{_MONTHS}.*$", "0"), *_SIGNS),
        months=(_BELOW_ONE, (_BARE, "0"), _HEAD, _CUT_MONTHS, _OTHERS, *_SIGNS),
    ),
}
