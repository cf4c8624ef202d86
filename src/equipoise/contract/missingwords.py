"""How the cells of a file say that nothing is known."""

from __future__ import annotations

import polars as pl

from equipoise.contract.lexicon import listed

MISSING_WORDS = listed(
    "na|n/a|#n/a|nan|null|(null)|<null>|[null]|none|nil|missing|unknown|?|.|-|--|—|–|…|...|not "
    "available|not applicable|not provided|not reported|not stated|not recorded|not known|no data|"
    "no information|undefined|unspecified|unavailable|(blank)|(empty)|xna|<na>|nat|\\n|\\\\n|n.a.|"
    "n.a|n.d.|n/d|n/v|n.v.|#n/a n/a|#ref!|#value!|#div/0!|#name?|#null!|#num!|-1.#ind|1.#qnan|"
    "k.a.|k. a.|keine angabe|keine angaben|unbekannt|fehlt|nicht verfügbar|s/d|sin dato|sin datos|"
    "sin información|sin informacion|desconocido|no disponible|no informado|no aplica|"
    "não informado|nao informado|não disponível|não se aplica|desconhecido|sem informação|"
    "sem dados|non disponible|non renseigné|non renseigne|inconnu|n.c.|nc|non disponibile|"
    "sconosciuto|onbekend|okänd|ukjent|ukendt|brak danych|b.d.|nie dotyczy|nieznane|нет данных|"
    "н/д|неизвестно|не указано|не указан|bilinmiyor|veri yok|tidak ada data|未知|不详|不詳|"
    "空值|缺失|暂无|不明|未填|알 수 없음|미상|غير معروف|غير متوفر",
    by="|",
)
# words of missing numbers and days, which beside other words may be an answer: no, none, empty
WEAK_WORDS = listed("无|無|нет|没有|空|なし|없음|brak|blank|empty|no|nd|bd|no aplica|x|*|/", by="|")


def missing_words(text: pl.Series, *, among_words: bool = True) -> pl.Series:
    """Where a text says that nothing is known; `among_words` where other words are answers."""
    words = MISSING_WORDS if among_words else MISSING_WORDS | WEAK_WORDS
    return text.str.to_lowercase().is_in(sorted(words))
