"""Names of amounts, terms, incomes and prices, and of measures, which identify nobody."""

from __future__ import annotations

from typing import Literal

from equipoise.contract.lexicon.terms import listed, phrases, terms

Period = Literal["day", "week", "month", "year", ""]

_LOAN_AMOUNT = terms("""
    loan_amount loan_amnt loan_amt loanamt loan_value loan_size loan_sum loan_principal
    credit_amount credit_amt creditamount amt_credit amount_credit amount_financed
    financed_amount finance_amount financing_amount amount_requested requested_amount
    amount_applied applied_amount loan_requested requested_loan amount_asked funded_amount
    funded_amnt amount_funded amount_borrowed borrowed_amount disbursed_amount amount_disbursed
    disbursement_amount disbursement_gross disbursementgross sanctioned_amount sanction_amount
    approved_amount gr_appv loan_original_amount original_loan_amount original_amount
    original_principal original_balance orig_upb orig_amount advance_amount
    kreditbetrag kredithohe kredithoehe kreditsumme darlehensbetrag darlehenssumme darlehenshohe
    finanzierungsbetrag auszahlungsbetrag hoehe hohe monto_credito monto_prestamo monto_solicitado
    monto_del_prestamo monto_del_credito monto_otorgado importe_prestamo importe_credito
    capital_prestado valor_emprestimo valor_do_emprestimo valor_financiado valor_credito
    valor_solicitado valor_contratado montant_pret montant_credit montant_du_pret
    montant_emprunte montant_du_credit montant_finance importo_finanziato importo_prestito
    importo_richiesto importo_erogato leningbedrag kredietbedrag hoofdsom kwota_kredytu
    kwota_pozyczki сумма_кредита сумма_заима сумма_договора kredi_tutari kredi_miktari
    jumlah_pinjaman nilai_pinjaman plafon pokok_pinjaman so_tien_vay lanebelop lanebelopp
    贷款金额 借款金额 授信金额 放款金额 申请金额 贷款额 借款额 融資額 借入金額 貸付金額 대출금액
    대출금
    مبلغ_القرض ऋण_राशि วงเงินกู้
""")
_OF_ANOTHER_LOAN = terms("""
    term duration tenure months annuity payment bureau pri sec primary secondary other others
    existing previous prior req outstanding
""")
_AMOUNT_WHOLE = listed("""
    amount principal loan capital monto importe montant importo betrag bedrag kwota сумма tutar
    jumlah valor loanamount
""")
_AMOUNT_SIGNS = ("金额", "金額", "금액")
_LIMIT = terms("""
    limit credit_limit limit_bal credit_line kreditlimit limite limite_credito cupo
    limite_de_credito
    plafond fido limit_kredytowy 额度 信用额度 限度額 한도
""")
_NO_AMOUNT = terms("""
    payment payments installment instalment annuity emi income salary term duration months rate
    ratio count number num balance savings collateral deposit fee fees paid due price insurance
    bureau pri sec req down downpayment age score type purpose status id other existing monthly
    per pct percent
    cuota parcela mensualite rate_monthly rata rate taxa tasa zins zinsen
    余额 月供 还款额 手续费
""")
_TERM = terms("""
    term terms tenure tenor duration loan_term loan_duration loan_tenure maturity_months
    credit_duration amort amortization amortisation n_installments num_installments
    number_of_installments installments_count no_of_installments number_of_payments num_payments
    nper no_of_emi laufzeit kreditlaufzeit laufzeit_monate plazo plazo_meses prazo prazo_meses
    n_parcelas num_parcelas qtd_parcelas numero_de_parcelas duree duree_mois duree_pret durata
    durata_mesi looptijd okres okres_kredytowania okres_splaty liczba_rat срок срок_кредита
    срок_заима vade vade_ay tenor_bulan jangka_waktu thoi_han ky_han loptid lopetid laina_aika
    期限 贷款期限 借款期限 期数 期間 返済期間 기간 대출기간 المدة अवधि ระยะเวลา
""")
_TERM_BARE = terms("""
    term loan_term tenure loan_tenure tenor loan_duration credit_duration credit_term repayment_term
    termmonths term_in_months loan_term_months n_installments num_installments nper
    number_of_installments number_of_payments no_of_installments amort amortization loan_amount_term
    laufzeit kreditlaufzeit plazo prazo durata duree looptijd okres_kredytowania okres_splaty
    liczba_rat срок срок_кредита срок_заима vade jangka_waktu thoi_han
    期限 贷款期限 借款期限 期数 期間 返済期間 기간 대출기간 duration_of_loan
""")
_NO_TERM = terms("""
    employment employ employed job work residence address account call phone contact customer
    relationship oldest newest since last card bank birth remaining elapsed short long deposit
    employer business membership experience stay
""")
_INCOME = terms("""
    income incomes inc salary salaries wage wages earnings pay revenue_personal annual_inc
    einkommen gehalt lohn nettoeinkommen bruttoeinkommen monatseinkommen jahreseinkommen ingreso
    ingresos salario sueldo renta renda rendimento salaire revenu revenus reddito stipendio
    inkomen salaris maandinkomen jaarinkomen dochod dochody zarobki wynagrodzenie доход доходы
    зарплата заработок gelir maas penghasilan pendapatan gaji thu_nhap luong inkomst inntekt
    indkomst tulot palkka prijem
    收入 工资 月薪 年薪 所得 年収 月収 소득 급여 연봉 월급 الدخل الراتب आय वेतन รายได้ เงินเดือน
""")
_SHARES = terms("""
    rate ratio percent percentage pct share dti to of_income source type verified verification
    proof status band group class category level document documented joint_flag payment emi
    占比 负债 来源 类型
""")
_PERIODS: tuple[tuple[Period, frozenset[str], tuple[str, ...]], ...] = (
    (
        "month",
        listed("""
    month months monthly mth mths mo mensual meses mes mensal mensais mensuel mensuelle mois
    mensile mensili mesi monat monate monatlich maand maanden maandelijks miesiac miesiace
    miesieczny месяц месяцев месячныи мес ay aylik bulan bulanan thang manad maned
    monatseinkommen maandinkomen
"""),
        ("月", "월"),
    ),
    (
        "year",
        listed("""
    year years yearly annual annually annum pa yr yrs anual anuales anos ano anio annuel
    annuelle an ans annee annees annuo annuale anni anno jahr jahre jahrlich jaehrlich jaar
    jaren jaarlijks rok lat lata rocznie годовои год лет yil yillik tahun tahunan nam ar
    jahreseinkommen jaarinkomen
"""),
        ("年", "연", "년"),
    ),
    (
        "week",
        listed("""
    week weeks weekly wk wks semana semanas semanal semaine semaines settimana settimane woche
    wochen wochentlich weken tydzien tygodnie недель hafta minggu tuan
"""),
        ("周", "週", "주"),
    ),
    (
        "day",
        listed("""
    day days daily dia dias jour jours giorno giorni tag tage dag dagen dzien dni днеи дни gun
    hari ngay
"""),
        ("天", "日"),
    ),
)
_MEASURE = terms("""
    balance payment payments price cost value score points rate ratio dti ltv percent pct age
    months years days sum total avg average mean max min util utilization utilisation debt
    savings expense expenses fee fees turnover revenue sales assets liabilities distance height
    weight size area volume quantity qty
    saldo preis preco prix prezzo prijs cena цена betrag monto valor montant importo bedrag kwota
    余额 价格 分数 得分 比例 金额
""")
_SCORE = terms("""
    score scores scoring scorecard fico vantage* cibil schufa bureau_score credit_score rating
    bonitat bonitaet puntaje puntuacion pontuacao pd probability_of_default ext_source z_score
    скоринг* балл* 评分 分数 信用分 スコア 신용점수
""")
_NEVER_NEGATIVE = terms("age limit")


def is_loan_amount(header: str) -> bool:
    """Whether the name is that of what a loan is over."""
    if _LOAN_AMOUNT.within(header):
        return not _OF_ANOTHER_LOAN.within(header)
    words = set(phrases(header))
    return bool(
        words & {"amount", "amnt", "amt"}
        and words & {"loan", "credit", "funded", "requested", "request", "asked", "applied"}
        and not _NO_AMOUNT.within(header)
    )


def is_amount(header: str) -> bool:
    """Whether the name is that of an amount of money and nothing more is said."""
    whole = phrases(header)[:1]
    return bool(_AMOUNT_WHOLE.intersection(whole)) or (
        any(sign in header for sign in _AMOUNT_SIGNS) and not _NO_AMOUNT.within(header)
    )


def is_limit(header: str) -> bool:
    """Whether the name is that of a credit line."""
    split = set(phrases(header))
    return bool(_LIMIT.within(header)) and not split & {"over", "overlimit", "number", "age"}


def is_income(header: str) -> bool:
    """Whether the name is that of an income, not of a share of it or a word about it."""
    return bool(_INCOME.within(header)) and not _SHARES.within(header)


def is_term(header: str) -> bool:
    """Whether the name is that of a loan's term.

    A duration without a unit may be that of a telephone call, so it needs a unit beside it.
    """
    if _NO_TERM.within(header) or is_income(header):
        return False
    return bool(_TERM_BARE.within(header)) or bool(_TERM.within(header) and period(header))


def period(header: str) -> Period:
    """The unit of time that a name gives; empty where it gives none."""
    split = set(phrases(header))
    for unit, named, signs in _PERIODS:
        if split & named or any(sign in header for sign in signs):
            return unit
    return ""


def sounds_like_measure(header: str) -> bool:
    """Whether the name is that of a quantity, which repeats or not by chance."""
    return bool(
        _MEASURE.within(header)
        or is_loan_amount(header)
        or is_amount(header)
        or is_limit(header)
        or is_income(header)
        or is_term(header)
    )


def sounds_like_score(header: str) -> bool:
    """Whether the name is that of a score or rating, which somebody made to tell bad from good."""
    return bool(_SCORE.within(header))


def sounds_never_negative(header: str) -> bool:
    """Whether the name is that of a quantity below which zero makes no sense."""
    return bool(_NEVER_NEGATIVE.within(header)) or is_income(header) or is_term(header)
