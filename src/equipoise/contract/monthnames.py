"""Names of months in the languages that lenders' files are written in."""

from __future__ import annotations

from equipoise.contract.spelling import ascii_lower

# Latin letters with their marks, and Cyrillic ones: ranges that every engine has in this order
LETTERS = "A-Za-zÀ-ÖØ-öø-žА-яЁё"
_NAMES = (
    "january jan januar jänner janvier janv enero ene janeiro gennaio gen januari styczeń "
    "stycznia sty январь января янв",
    "february feb februar février fevrier févr fevr fév fev febrero fevereiro febbraio februari "
    "luty lutego lut февраль февраля фев февр",
    "march mar märz maerz mär mrz mars marzo março marco maart mrt marts marzec marca март марта "
    "мар",
    "april apr avril avr abril abr aprile kwiecień kwietnia kwi апрель апреля апр",
    "may mai mayo maio maggio mag mei maj maja май мая",
    "june jun juni juin junio junho giugno giu czerwiec czerwca cze июнь июня июн",
    "july jul juli juillet juil julio julho luglio lug lipiec lipca lip июль июля июл",
    "august aug août aout agosto ago augustus augusti sierpień sierpnia sie август августа авг",
    "september sep sept septembre septiembre setembro set settembre wrzesień września wrz "
    "сентябрь сентября сен сент",
    "october oct oktober okt octobre octubre outubro out ottobre ott październik października "
    "paź октябрь октября окт",
    "november nov novembre noviembre novembro listopad listopada lis ноябрь ноября ноя нояб",
    "december dec dezember dez décembre decembre déc diciembre dic dezembro dicembre desember "
    "des grudzień grudnia gru декабрь декабря дек",
)


def _spellings(name: str) -> set[str]:
    """How a name looks once ASCII's capitals are small: letters of others keep their case."""
    return {ascii_lower(each) for each in (name, name.capitalize(), name.upper())}


MONTH_NAMES: tuple[tuple[str, ...], ...] = tuple(
    tuple(sorted(set().union(*map(_spellings, names.split())))) for names in _NAMES
)
_NUMBERS = {name: number for number, names in enumerate(MONTH_NAMES, start=1) for name in names}


def month_of(name: str) -> int:
    """1 to 12 by a month's name or its usual short form; 0 is none's."""
    return _NUMBERS.get(ascii_lower(name), 0)
