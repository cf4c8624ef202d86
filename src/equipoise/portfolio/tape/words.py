"""What the words and codes of a loan's state say. Every suggestion is marked for review."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import NamedTuple

from equipoise.contract.lexicon.terms import Terms, fold, terms
from equipoise.portfolio.tape.document import Standing
from equipoise.portfolio.tape.published import PublishedCodes, published_codes


class Meaning(NamedTuple):
    """What a status says, and how many days past due at least."""

    standing: Standing
    days: int = 0


_WORDS: tuple[tuple[Meaning, Terms], ...] = (
    (Meaning("current"), terms("""
        not_late not_overdue not_past_due not_delinquent no_arrears sin_mora sin_atraso
        never_delinquent 未逾期 无逾期 不逾期
    """)),
    (Meaning("late", 1), terms("not_paid partially_paid part_paid unpaid")),
    (Meaning("written_off"), terms("""
        charged_off charge_off chargeoff chargedoff chgoff chg_off written_off write_off
        writeoff wo bad_debt
        ausgebucht abgeschrieben castigado castigada passe_en_perte prejuizo w_o
        核销 已核销 呆账 償却 상각
    """)),
    (Meaning("default", 91), terms("""
        default defaulted non_performing npl impaired foreclosure bankrupt bankruptcy reo
        repossession ausgefallen incumplimiento vencida defaut
        npa substandard sub_standard doubtful loss inadimplente litigation legal_action
        legal_proceedings notleidend gekundigt judicial cobro_judicial contentieux douteux 诉讼
        违约 不良 次级 可疑 损失 損失 破産
    """)),
    (Meaning("repaid"), terms("""
        fully_paid paid_off paid_in_full pif p_i_f closed repaid prepaid settled matured
        paid terminated quitado quitada
        getilgt zurueckgezahlt abgelost abgeloest pagado pagada cancelado cancelada liquidado
        liquidada solde rembourse estinto 结清 已结清 还清 已还清 完済 완납
    """)),
    (Meaning("late", 1), terms("""
        late overdue past_due delinquent arrears grace_period in_grace grace uberfallig verzug
        ruckstand mora atraso atrasado retard impaye sofferenza special_mention
        逾期 拖欠 延滞 연체 关注
    """)),
    (Meaning("current"), terms("""
        current performing active normal ok good open standard up_to_date regular laufend aktiv
        vertragsgemass vigente al_dia em_dia adimplente corriente std pass en_cours sain in_bonis
        正常 还款中 履约中 正常还款 正常類 정상
    """)),
)  # fmt: skip
_RANGE = re.compile(
    r"(\d{1,4})\s*(?:-|–|—|to|bis|a|至|到|~)\s*\d{1,4}|(\d{1,4})\s*(?:\+|以上|plus)"
    r"|(?:>=|≥)\s*(\d{1,4})|(?:>|over|more than|above|超过)\s*(\d{1,4})|(\d{1,4})",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"^[\s\d\-–—~+<>=≥.至到以上]*(?:to|bis|plus|days?|d|dpd|tage|dias|天|日)*[\s\d+以上]*$", re.I
)
_COUNTED = re.compile(
    r"(\d{1,2})\s*\+?\s*(?:payments?|months?|cycles?|instal?lments?|cuotas?|期|个月)", re.I
)
_DAY = re.compile(r"\d{1,4}[-./年]\d{1,2}[-./月]\d{1,4}")  # of the calendar, and no range of days
_EDGES = (30, 60, 90)
# Buckets by a letter and a number, and the first day past due of each.
_BUCKETS: tuple[tuple[re.Pattern[str], Callable[[int], int]], ...] = (
    # M0 is not late, M2 more than one month and up to two
    (re.compile(r"[Mm](\d{1,2})\+?"), lambda months: (months - 1) * 30 + 1),
    # India's special mention accounts: SMA-1 is 31 to 60 days
    (re.compile(r"(?i)sma[-_ ]?([012])"), lambda bucket: bucket * 30 + 1),
    # microfinance's portfolio at risk: PAR30 is more than 30 days
    (re.compile(r"(?i)par[-_ >]*(\d{1,3})"), lambda days: days + 1 if days in _EDGES else days),
)


_CURRENT, _DEFAULT = Meaning("current"), Meaning("default", 91)
NOT_KNOWN = ("XX", "X", "U")  # of how many months late a loan is, in files of mortgages
_LEAST_CODES = 2
# Among months late: the lender has taken the house.
_AMONG_NUMBERS = {"ra": _DEFAULT, "r": _DEFAULT, "reo": _DEFAULT}


def codes_of(header: str, words: Collection[str]) -> PublishedCodes | None:
    """The published list that a column's words are from; None where they are of none."""
    for each in published_codes():
        known = {said.says for said in each.says}
        by_words = not each.headers and len(words) >= _LEAST_CODES and known >= set(words)
        if by_words or terms(" ".join(each.headers)).within(header):
            return each
    return None


def among_numbers(word: str) -> Meaning | None:
    """What a word says that stands where other rows count days or months past due."""
    return _AMONG_NUMBERS.get(fold(word.strip())) or meaning_of(word)


def meaning_of(word: str) -> Meaning | None:
    """What a status word says; of a range of days its lower end. None where it says nothing.

    A range that begins on day 30, 60 or 90 lies, but for that day, in the bucket after it, and is
    taken as its first day: `30-59` as 31.
    """
    for meaning, named in _WORDS:
        if named.within(word):
            if meaning.standing != "late":
                return meaning
            return Meaning("late", max(_days_in(word), 1))
    for bucket, first_day in _BUCKETS:
        if match := bucket.fullmatch(word.strip()):
            days = first_day(int(match[1]))
            return Meaning("late", days) if days > 0 else _CURRENT
    if any(each.isdigit() for each in word) and _BARE.match(word) and not _DAY.search(word):
        days = _days_in(word)
        return Meaning("late", days) if days > 0 else _CURRENT
    return None


def _days_in(word: str) -> int:
    if counted := _COUNTED.search(word):
        return (int(counted[1]) - 1) * 30 + 1
    match = _RANGE.search(word)
    if match is None:
        return 0
    lower, plus, least, beyond, alone = match.groups()
    if beyond:
        return int(beyond) + 1
    if alone:
        return int(alone)
    days = int(lower or plus or least)
    return days + 1 if days in _EDGES else days
