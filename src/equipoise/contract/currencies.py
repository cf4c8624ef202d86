"""Signs and codes of currencies, and what else stands beside a number."""

from __future__ import annotations

from equipoise.contract.lexicon import listed

_SYMBOLS = listed("""
    $ € £ ¥ ₹ ₽ ₩ ₺ ₴ ₦ ₱ ฿ ₫ ₪ ₡ ₲ ₵ ₸ ₼ ₾ 元 円 圆 块 人民币 원
    r$ us$ a$ au$ c$ ca$ cad$ hk$ nz$ s$
    sg$ nt$ mx$ $u bs bs. kr kr. zł zl kč kc ft lei лв лв. руб руб. р р. rs rs. rp rp. rm ksh
    ksh. tsh ush sfr sfr. fr fr. tl dh dhs s/ s/. ден din дин грн тг тенге сум nrs nrs. euro
    euros eur. dollars dollar rupees rupee pesos peso reais real
""")
_CODES = listed("""
    aed afn amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd btn bwp byn
    bzd cad cdf chf clf clp cny cop crc cve czk djf dkk dop dzd egp ern etb eur fjd fkp gbp gel
    ghs gip gmd gnf gtq gyd hkd hnl hrk htg huf idr ils inr iqd irr isk jmd jod jpy kes kgs khr
    kmf kpw krw kwd kyd kzt lak lbp lkr lrd lsl ltl lvl lyd mad mdl mga mkd mmk mnt mru mur mvr
    mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rur
    rmb rwf sar sbd scr sdg sek sgd shp sll srd ssp syp szl thb tjs tmt tnd try ttd twd tzs uah
    ugx usd uyu uzs ves vnd vuv wst xaf xcd xof xpf yer zar zmw
""")
_THREE_DECIMALS = listed("bhd iqd jod kwd lyd omr tnd")
_SHORT_UNITS = listed("m h d g t km/h m² 岁 天 人 次 个 分 歳 日 回 세 명 일")
_NO_PART_OF_A_UNIT = set("+-,()/'#:;@&_=\"<>*!?|")
_LONGEST_UNIT = 15


def is_currency(word: str) -> bool:
    """Whether a word is a currency's sign or code."""
    small = word.lower()
    return small in _SYMBOLS or small.rstrip(".") in _CODES


def has_three_decimals(word: str) -> bool:
    """Whether a currency's amounts have three decimals."""
    return word.lower().rstrip(".") in _THREE_DECIMALS


def may_be_unit(word: str) -> bool:
    """Whether a word behind a number may be what it counts: no letter that belongs to a code."""
    if is_currency(word) or word in ("%", "‰", "°") or word in _SHORT_UNITS:
        return True
    letters = [each for each in word if each.isalpha()]
    plain = not set(word) & _NO_PART_OF_A_UNIT
    return len(letters) > 1 and len(word) <= _LONGEST_UNIT and plain


def one_unit(names: set[str]) -> bool:
    """Whether several words name one unit, as day and days do, or Tag and Tage."""
    shortest = min(names, key=len)
    stem = shortest[:-1] if len(shortest) > 3 else shortest
    return all(each.startswith(stem) and len(each) - len(shortest) <= 3 for each in names)
