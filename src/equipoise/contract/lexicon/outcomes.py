"""What the words for an outcome mean: bad, good, still open, never lent, or nothing clear."""

from __future__ import annotations

import re
from typing import Literal

from equipoise.contract.lexicon.terms import Terms, fold, listed, terms, tokens

Meaning = Literal["bad", "good", "either", "open", "declined", "unknown", ""]

_BAD = terms("""
    bad bads default* charge_off charged_off chargeoff* chargedoff* chgoff* chgdoff* chrgoff*
    write_off written_off writeoff* writtenoff* wroff late delinq* dlq* past_due overdue arrear*
    fraud* loss losses lost npl npa bankrupt* insolv* collection collections foreclos* repossess*
    repo unpaid nonpaid nonpay* nonperform* nonaccrual impaired impairment doubtful substandard
    fail failed failure negative neg litigation dead dpd serious* trouble
    malo mala malos moros* mora impag* incumpl* vencid* castigad* fallid* incobrabl* atrasad*
    atraso cobranza cobranca inadimpl* mau ruim prejuizo defaut* impay* retard contentieux
    mauvais* defaillan* perte recouvrement
    ausgefall* ausfall* kreditausfall schlecht* saumig* saeumig* verzug notleidend uneinbringlich*
    abgeschrieb* abschreibung gekundigt gekuendigt inkasso zahlungsausfall zahlungsverzug
    sofferenz* cattiv* inadempi* scadut* deteriorat* inbonis_no insoluto wanbetal* achterstand
    slecht afgeboekt zalegl* zaleglosc niesplac* przetermin* zly zle windykac* nesplacen* prodlen*
    spatn* просроч* простроч* дефолт* плох* поган* невозврат* списан* взыскан* неплат* проблемн*
    temerrut* gecik* batik takip* kotu macet gagal menunggak tunggak* buruk no_xau qua_han xau
    forfallen misligh* kreditforlust maksuhairio* luottotappio
    违约 違約 逾期 坏账 壞帳 坏帐 呆账 呆帳 核销 不良 失信 拖欠 坏 壞 次级 可疑 损失 延滞 延滞中
    貸倒 不履行 破綻 滞納
    デフォルト 연체 부도 불량 채무불이행 디폴트 متعثر تعثر متأخر تخلف चूक डिफ़ॉल्ट ผิดนัด ค้างชำระ
""")
_GOOD = terms("""
    good goods paid paid_off paid_up paid_in_full fully_paid repaid payed payedoff pif closed
    complete completed finished matured cleared healthy ok okay positive pos creditworthy
    solvent success* honoured honored satisfactory
    bueno buena buenos pagad* pagado al_dia cumplid* cumple liquidad* saldado bom boa bons quitad*
    pago paga adimpl* em_dia bon bonne rembours* solde paye payee sain
    gut bezahlt zuruckgezahlt zurueckgezahlt getilgt abbezahlt zuruckbezahlt beglichen
    vertragsgemass vertragsgemaess buono buona pagat* rimborsat* estint* regolare in_bonis
    goed afbetaald terugbetaald betaald afgelost dobry dobra splac* oplacon* splacen* dobr*
    погаш* хорош* выплач* возвращен* закрыт* оплач* добр* сплачен* odendi odenen iyi kapandi
    kapali duzenli lancar lunas baik du_tieu_chuan da_tra betalt god hyva maksettu
    结清 結清 还清 還清 良好 好客户 好 履约 按时还款 按期 完済 優良 良 완납 상환완료 우량
    سدد مسدد منتظم सफल ชำระแล้ว
""")
_EITHER = terms("""
    current performing perform up_to_date on_time regular live normal 正常 정상 al_corriente
    normale normaal normalny нормальн*
""")
_OPEN = terms("""
    in_grace_period grace issued open opened active pending in_process ongoing running outstanding
    in_repayment repaying disbursed in_force not_due not_yet_due in_progress inprogress
    laufend offen aktiv activo activa vigente en_curso ativo ativa em_andamento em_aberto en_cours
    actif incorso in_corso attivo lopend actief aktywn* w_trakcie trwajac* деиств* активн* открыт*
    текущ* aktif devam* berjalan dang_vay aktivni bezici lopende pagaende
    还款中 還款中 进行中 未到期 贷款中 履行中 待还 返済中 상환중 진행중 جاري नियमित_जारी
""")
_DECLINED = terms("""
    denied deny denial reject rejected rejection decline declined refused refuse withdrawn cancel
    cancelled canceled not_taken_up ntu not_booked unfunded not_funded abgelehnt ablehnung
    rechazad* recusad* negado negada rifiutat* respint* afgewezen odrzucon* отказ* отклон*
    reddedildi ditolak tu_choi zamitnut* avslag afvist hylatty 拒绝 拒絕 拒贷 却下 거절 رفض
    مرفوض
    approved_not_accepted expired
""")
_APPROVED = terms("""
    approve approved approval approvals accept accepted acceptance grant granted aprobad* aprovad*
    approuve* accorde genehmigt bewilligt approvat* goedgekeurd zatwierdzon* одобрен* onaylandi
    disetujui duyet schvalen* 通过 批准 承認 승인 موافق
""")
_UNKNOWN = terms("""
    unknown indeterminate undetermined unclear other tbd undefined missing desconocido otro
    unbekannt inconnu sconosciuto onbekend nieznany неизвестн* bilinmiyor 未知 不明 其他
""")
_NOT = listed("""
    no not non never without un nicht kein keine ohne sin sans pas jamais nao nem sem senza mai
    geen niet zonder nie bez не без нет тiдак tidak belum khong chua ikke inte ingen ei ne
""")
_NOT_AFTER = frozenset(("free", "degil"))
_NOT_SIGNS = ("未", "无", "無", "非", "没", "沒", "没有", "沒有", "不", "不是", "미")
_NOT_AFTER_SIGNS = ("なし", "無し", "없음", "없는")
_NOT_YET = frozenset(("未", "尚未", "미"))
_REACH = 3  # words between a "not" and what it denies: "not yet fully paid"
_GLUED = ("nondefault", "nodefault", "notdefault", "undefault", "isnotbad", "notbad", "nobad")
_GOOD_NAMES = ("kredit", "creditability")  # 1 is a good loan in the German credit data
_SIGNS: dict[str, Meaning] = {"-": "bad", "+": "good"}
_LATE_DAYS = re.compile(r"(\d+)\+?\s*(?:-|to|–)?\s*(\d+)?\+?\s*(?:days?|dpd|d\b|天|tage|dias)")
_CERTAINLY_LATE, _HARDLY_LATE = 90, 30
_STATUS = re.compile(r"^.*\bstatus\s*:\s*", re.IGNORECASE)


def meaning_of(value: str) -> Meaning:
    """What a value of an outcome means by its words; empty where they say nothing, or two things.

    `either` is a loan that pays as it should and may still run. A negation turns what it denies:
    `not repaid in full` is bad, `no default` is good, and 未结清, not paid off yet, is open.
    """
    text = _STATUS.sub("", value.strip())
    if text in _SIGNS:
        return _SIGNS[text]
    late = _days_late(fold(text))
    if late is not None:
        return "bad" if late >= _CERTAINLY_LATE else "open" if late <= _HARDLY_LATE else ""
    said = _judged(text)
    if len(said) > 1:
        said.discard("either")
    for kind, named in (("declined", _DECLINED), ("unknown", _UNKNOWN)):
        if not said and named.within(text):
            return kind  # type: ignore[return-value]
    return said.pop() if len(said) == 1 else ""


def polarity(header: str) -> Meaning:
    """Whether 1, yes and true under this name are bad or good; empty where the name is silent."""
    if fold(header) in _GOOD_NAMES:
        return "good"
    said = _judged(header) - {"open"}
    if "either" in said:
        said = (said - {"either"}) | {"good"}
    if not said and _DECLINED.within(header):
        return "bad"
    return said.pop() if len(said) == 1 else ""


def sounds_approved(value: str) -> bool:
    """Whether a word tells of the lender's decision, not of how the loan went."""
    return bool(_APPROVED.within(value) or _DECLINED.within(value))


def _days_late(text: str) -> int | None:
    """The longest delay that the text names, in days; None where it names none."""
    named = _LATE_DAYS.search(text)
    return max(int(number) for number in named.groups() if number) if named else None


def _judged(text: str) -> set[Meaning]:
    """What each telling word means, after its negation."""
    signs = _judged_signs(fold(text))
    if signs:
        return signs
    split = tokens(text)
    said: set[Meaning] = set()
    at = 0
    while at < len(split):
        length, meaning = _longest(split, at)
        if not meaning:
            at += 1
            continue
        before, after = split[max(0, at - _REACH) : at], split[at + length : at + length + 1]
        denied = bool(_NOT.intersection(before) or _NOT_AFTER.intersection(after))
        said.add(_denied(meaning) if denied else meaning)
        at += length
    return said


def _longest(split: tuple[str, ...], at: int) -> tuple[int, Meaning]:
    """The longest phrase from a place on that means something, else the shortest stem, and what.

    A stem would swallow the word behind it, which may deny it: `default free`.
    """
    runs = ["".join(split[at : at + n]) for n in range(1, min(4, len(split) - at) + 1)]
    for length, run in reversed(list(enumerate(runs, start=1))):
        if run in _GLUED:
            return length, "good"
        if meaning := _plain_meaning(run, whole=True):
            return length, meaning
    for length, run in enumerate(runs, start=1):
        bare = run.strip("0123456789")
        if meaning := _plain_meaning(run) or _plain_meaning(bare):
            return length, meaning
    return 1, _glued_meaning(runs[0])


def _plain_meaning(run: str, *, whole: bool = False) -> Meaning:
    for kind, named in _KINDS:
        if run in named.whole or (not whole and named.has(run)):
            return kind
    return ""


def _glued_meaning(word: str) -> Meaning:
    """What is written as one word with something before it: `isdefault`, `kreditausfall`."""
    for stem in ("default", "ausfall", "chargeoff", "delinq", "bankrupt", "impag", "moroso"):
        if len(word) > len(stem) and stem in word:
            before = word.split(stem, maxsplit=1)[0]
            return "good" if before.endswith(("non", "not", "no", "never")) else "bad"
    rest = word.removeprefix("un")
    return "bad" if rest != word and _GOOD.has(rest) else ""


def _judged_signs(folded: str) -> set[Meaning]:
    said: set[Meaning] = set()
    for kind, named in _KINDS:
        for sign in sorted(named.signs, key=len, reverse=True):
            if sign in folded:
                before, _, after = folded.partition(sign)
                denial = next((no for no in _NOT_SIGNS if before.endswith(no)), "")
                denial = denial or next((no for no in _NOT_AFTER_SIGNS if after.startswith(no)), "")
                if denial in _NOT_YET and kind == "good":
                    said.add("open")
                else:
                    said.add(_denied(kind) if denial else kind)
                folded = folded.replace(sign, " ")
    return said


def _denied(meaning: Meaning) -> Meaning:
    if meaning in ("good", "either"):
        return "bad"
    return "good" if meaning == "bad" else meaning


_KINDS: tuple[tuple[Meaning, Terms], ...] = (
    ("open", _OPEN),
    ("bad", _BAD),
    ("good", _GOOD),
    ("either", _EITHER),
    ("good", _APPROVED),
)


def is_boolean_word(value: str) -> bool | None:
    """Whether a value says yes (True) or no (False); None where it says neither."""
    word = fold(value.strip())
    return True if word in _YES else False if word in _NO else None


_YES = listed("""
    yes y true t 1 si sim oui ja tak да evet ya co kylla s o j д 是 はい 예 نعم हाँ ใช่
""")
_NO = listed("""
    no n false f 0 nao non nein nee nie нет hayir tidak khong nej ei н 否 いいえ 아니오 لا नहीं ไม่
""")
