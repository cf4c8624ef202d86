"""Protected traits by what a column holds, whatever it is called."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from equipoise.contract.lexicon.money import sounds_like_measure
from equipoise.contract.lexicon.terms import Terms, fold, listed, phrases, terms

MOST_WORDS = 60
_NEARLY_ALL = 0.95
_FEWEST_AGES = 35
_FEWEST_YEARS = 25


class Trait(NamedTuple):
    """A protected trait, and the share of rows with a value whose value tells it."""

    name: str
    share: float


_MARITAL = terms("""
    single married marriage civil_marriage divorced separated widow widowed widower unmarried
    cohabiting cohabitation
    domestic_partner partnered never_married married_civ_spouse divorcee spinster bachelor
    soltero soltera casado casada divorciado divorciada viudo viuda union_libre union_de_hecho
    separado separada solteiro solteira viuvo viuva uniao_estavel desquitado
    celibataire marie mariee divorce divorcee veuf veuve pacse pacsee concubinage separe separee
    ledig verheiratet geschieden verwitwet getrennt lebenspartnerschaft alleinstehend
    celibe nubile coniugato coniugata sposato sposata divorziato divorziata vedovo vedova
    separato separata ongehuwd gehuwd gescheiden weduwe weduwnaar samenwonend
    kawaler panna zonaty mezatka rozwiedziony rozwiedziona wdowiec wdowa
    холост холостои женат замужем разведен разведена вдовец вдова брак* женат_замужем
    bekar evli bosanmis dul belum_menikah menikah kawin belum_kawin cerai janda duda
    doc_than ket_hon da_ket_hon ly_hon gift ogift skild anka gift_samboer ugift skilt enke
    svobodny svobodna zenaty vdana rozvedeny
    未婚 已婚 离异 离婚 丧偶 離婚 既婚 独身 死別 미혼 기혼 이혼 사별 أعزب متزوج مطلق أرمل अविवाहित
    विवाहित
    โสด สมรส หย่า רווק נשוי
""")
_SEX = terms("""
    male female man woman men women mr mrs ms miss mister masculine feminine boy girl
    hombre mujer masculino femenino masculina femenina varon homem mulher feminino homme femme
    masculin feminin monsieur madame mme mlle herr frau mann maennlich mannlich weiblich divers
    maschio femmina uomo donna signor signora sig sra sr mnr mevr mevrouw meneer vrouw
    mezczyzna kobieta pan pani муж жен мужской женский мужчина женщина erkek kadin bay bayan
    laki_laki lakilaki perempuan pria wanita nam nu kvinna kvinne mies nainen muz zena
    男 女 男性 女性 先生 女士 남 여 남자 여자 남성 여성 ذكر أنثى पुरुष महिला ชาย หญิง זכר נקבה
""")
_RELIGION = terms("""
    christian christianity catholic roman_catholic protestant evangelical orthodox muslim moslem
    islam islamic hindu hinduism buddhist buddhism jewish judaism sikh sikhism jain atheist
    agnostic anglican baptist methodist lutheran catolico catolica cristiano catholique
    protestante katholisch evangelisch orthodoxe cattolico katolik kristen protestan budha buddha
    konghucu православ* мусульман* hristiyan islamiyet none no_religion konfessionslos
    佛教 基督教 天主教 伊斯兰教 道教 仏教 기독교 불교 천주교 مسلم مسيحي मुस्लिम हिन्दू सिख
""")
_RACE = terms("""
    white black asian hispanic latino latina african_american african caucasian native_american
    american_indian pacific_islander native_hawaiian indian coloured mixed biracial multiracial
    non_hispanic nonhispanic white_british roma maori aboriginal blanco negro mestizo indigena
    branca branco preta preto parda pardo amarela malay chinese bumiputera javanese sundanese
    汉族 回族 满族 壮族 维吾尔族 藏族 苗族 kinh
""")
_NATIONALITY = terms("""
    american british english scottish irish french german italian spanish portuguese dutch
    belgian swiss austrian polish czech hungarian romanian bulgarian greek turkish russian
    ukrainian swedish norwegian danish finnish chinese japanese korean indian pakistani
    bangladeshi filipino indonesian malaysian vietnamese thai saudi emirati egyptian moroccan
    tunisian algerian nigerian kenyan ghanaian mexican brazilian argentinian colombian peruvian
    chilean venezuelan canadian australian syrian iraqi iranian afghan israeli expat foreigner
    national non_national citizen non_citizen foreign domestic_citizen
    deutsch osterreichisch turkisch polnisch franzosisch italienisch francaise italiana
    italiano espanola mexicana mexicano colombiana brasileira brasileiro
""")
_OTHERS = listed("""
    other others unknown x u n_a na none diverse nonbinary
""")
# one letter each: both of a pair must be seen
_SEX_LETTERS = tuple(
    frozenset(pair.split()) for pair in ("m f", "m w", "h f", "h m", "k m", "m v", "ж м", "f m u")
)
_MARITAL_LETTERS = frozenset("msdw")
_NO_YEAR_OF_BIRTH = terms("""
    built build construction founded established establishment model manufactured opened since
    start issue issued registered registration vehicle house property company business firm
    建 成立 graduation graduated
""")
_NO_AGE = terms("""
    speed temp temperature days months count number num n term code score points util cltv ltv
    rank percentile index weight kg hours grade
""")


def trait_of_values(name: str, value: pl.Series) -> Trait | None:
    """The protected trait that a column's values tell, or None. `name` is its header.

    Words must be those of one trait in nearly all rows that have a value, and at least two of
    them; whole numbers must have the shape of adults' ages or years of birth.
    """
    known = value.drop_nulls()
    if known.len() == 0:
        return None
    if known.dtype == pl.String:
        return _of_words(name, known)
    if known.dtype.is_numeric():
        return _of_numbers(name, known)
    return None


def _of_words(name: str, known: pl.Series) -> Trait | None:
    counts = known.value_counts(name="rows")
    if not 2 <= counts.height <= MOST_WORDS:
        return None
    rows = dict(zip(counts.to_series(0).to_list(), counts["rows"].to_list(), strict=True))
    letters = {fold(word.strip(" .")) for word in rows}
    if any(pair <= letters <= pair | _OTHERS for pair in _SEX_LETTERS):
        return Trait("sex", 1.0)
    if _MARITAL_LETTERS <= letters <= _MARITAL_LETTERS | _OTHERS:
        return Trait("marital status", 1.0)
    colours = terms("color colour farbe couleur paint").within(name)
    for trait, named in _WORDS:
        if trait == "race or ethnicity" and colours:
            continue
        share = _share(rows, named)
        if share is not None and share >= _NEARLY_ALL:
            return Trait(trait, share)
    return None


_WORDS: tuple[tuple[str, Terms], ...] = (
    ("marital status", _MARITAL),
    ("sex", _SEX),
    ("religion", _RELIGION),
    ("race or ethnicity", _RACE),
    ("nationality", _NATIONALITY),
)


def _share(rows: dict[str, int], named: Terms) -> float | None:
    """The share of rows whose value holds such a word; None where fewer than two words do."""
    telling = {word: count for word, count in rows.items() if named.within(word)}
    terms_seen = {named.within(word) for word in telling}
    neutral = sum(count for word, count in rows.items() if _OTHERS.intersection(phrases(word)))
    if len(terms_seen) < 2 or any(len(phrases(word)) > 40 for word in telling):
        return None
    whole = sum(rows.values())
    rest = whole - neutral
    count_of_terms = sum(
        count for word, count in telling.items() if not _OTHERS.intersection(phrases(word))
    )
    return count_of_terms / rest if rest else None


def _of_numbers(name: str, known: pl.Series) -> Trait | None:
    numbers = known.cast(pl.Float64)
    if not bool(((numbers.floor() == numbers) & numbers.is_finite()).all()):
        return None
    low, high = _quantile(numbers, 0.01), _quantile(numbers, 0.99)
    middle, least, most = _quantile(numbers, 0.5), _quantile(numbers, 0), _quantile(numbers, 1)
    distinct = numbers.n_unique()
    years = least >= 1915 and most <= 2012 and 1945 <= middle <= 1995
    if (
        years
        and high - low >= _FEWEST_YEARS
        and distinct >= _FEWEST_YEARS
        and not _NO_YEAR_OF_BIRTH.within(name)
    ):
        return Trait("age", 1.0)
    ages = 16 <= least <= 25 and 60 <= most <= 110 and 25 <= middle <= 60 and high >= 55
    if (
        ages
        and low >= 17
        and distinct >= _FEWEST_AGES
        and not sounds_like_measure(name)
        and not _NO_AGE.within(name)
    ):
        return Trait("age", 1.0)
    return None


def _quantile(numbers: pl.Series, share: float) -> float:
    return float(numbers.quantile(share, "nearest") or 0.0)
