"""Names of days, and which of them dates the application."""

from __future__ import annotations

from collections.abc import Iterable

from equipoise.contract.lexicon.terms import terms, tokens

_DAY = terms("""
    date date* day dt d issued opened applied time timestamp yyyymmdd ymd fecha fec fch data
    datum datum* tarih tarihi tanggal tgl ngay dato paiva paivamaara pvm datums дата data_de dob
    日期 日 时间 時間 年月日 날짜 일자 التاريخ تاريخ दिनांक तारीख วันที่ תאריך
""")
# Groups from the likeliest to date an application: asked, decided, paid out, opened.
_ASKED = terms("""
    application applied apply app applications request requested submission submitted solicitud
    solicitacao proposta demande antrag antragsdatum antrags domanda richiesta aanvraag wniosek
    wniosku заявк* basvuru pengajuan permohonan dang_ky ansokan hakemus zadost
    申请 进件 提交 申込 신청 الطلب आवेदन
""")
_DECIDED = terms("""
    approval approved approve approvaldate decision decided sanction sanctioned underwriting
    aprobacion aprovacao approbation genehmigung bewilligung approvazione goedkeuring decyzja
    одобрен* решен* onay persetujuan duyet 审批 批准 決定 承認 승인 الموافقة
""")
_PAID_OUT = terms("""
    issue issued issuance orig* origination originated origin funded funding fund booked booking
    granted grant disburs* disbursal disbursement effective listing listed loan_date loandate
    date_loan contract agreement drawdown draw advance advanced release released signed signing
    value_date payout paid_out boarded inception desembolso concesion otorgamiento contratacion
    formalizacion contrato concessao liberacao deblocage octroi decaissement contrat auszahlung
    auszahlungs* vertrag vertrags* vertragsbeginn vertragsdatum darlehensbeginn erogazione
    contratto stipula uitbetaling ingangsdatum uruchomien* umowy umowa выдач* договор* kullandirim
    kredi_tarihi pencairan realisasi giai_ngan utbetalning 放款 发放 借款 起息 贷款日 合同 貸付 実行
    契約 대출 실행 الصرف القرض
""")
_OPENED = terms("""
    open opened opening start started created creation vintage cohort begin beginning snapshot
    apertura abertura ouverture inicio beginn eroffnung inizio otwarci* открыт* начал* acilis
    开户 开始 開始 개설
""")
_OTHER = terms("""
    birth born dob due last next maturity matures settlement payment payments pymnt paid closed
    close closing closure end ended ending expiry expiration earliest oldest first default
    default* chargeoff charge chargedoff chgoff* writeoff write written update updated modified
    report reported extract extraction asof as_of run hire hired employed employment employer
    repayment repaid payoff recovery collection delinquency delinquent overdue cancel* withdraw*
    statement credit_pull bureau nacimiento nac vencimiento pago ultimo cierre fin ingreso
    nascimento nasc vencimento pagamento ultimo encerramento naissance echeance paiement fermeture
    geburt* fallig* faellig* zahlung letzte ablauf ende scadenza nascita chiusura geboorte*
    vervaldatum betaling urodz* splaty zapadalnosci ostatni* рожден* погашен* платеж* последн*
    окончан* закрыт* dogum vade odeme son bitis lahir jatuh_tempo terakhir
    到期 出生 还款 逾期 结清 核销 最近 截止 注册 生日 返済 満期 만기 상환 생년 الميلاد الاستحقاق
""")
# known when somebody applies although it lies ahead
_PLANNED = terms("""
    maturity matures due expiry expiration end ending next first scheduled vencimiento vencimento
    echeance fallig* faellig* ablauf scadenza vervaldatum zapadalnosci погашен* vade jatuh_tempo
    到期 満期 만기
""")
_GROUPS = (_ASKED, _DECIDED, _PAID_OUT, _OPENED)
UNNAMED_RANK = len(_GROUPS)


def sounds_like_date(header: str) -> bool:
    """Whether the name is that of a day, so that eight digits may be one."""
    return bool(_DAY.within(header)) or any(
        len(word) > 6 and word.endswith(("date", "datum", "dt")) for word in tokens(header)
    )


def application_rank(header: str) -> int | None:
    """How likely the name dates an application: 0 is likeliest, None where it dates other things.

    Asked for comes before decided, paid out, opened, and a name that says nothing.
    """
    rank = next((at for at, group in enumerate(_GROUPS) if group.within(header)), UNNAMED_RANK)
    # "due date of the application's first payment" is no application's date
    return None if _OTHER.within(header) else rank


def application_date(headers: Iterable[str]) -> str | None:
    """The header that most likely dates the application; None when each sounds like another day."""
    ranked = [(rank, h) for h in headers if (rank := application_rank(h)) is not None]
    return min(ranked, key=lambda pair: pair[0])[1] if ranked else None


def sounds_planned(header: str) -> bool:
    """Whether the name is that of a day agreed when the loan was made, such as its maturity."""
    return bool(_PLANNED.within(header))
