"""What a column's name suggests. Every suggestion is marked for review."""

from __future__ import annotations

import re

from equipoise.contract.lexicon import identifier_kind
from equipoise.contract.lexicon.terms import Terms, terms, tokens
from equipoise.portfolio.tape.document import Role, Unit

# Looked for in this order: `days past due` before `due`, `credit limit` before `credit`.
_ROLES: tuple[tuple[Role, Terms], ...] = (
    ("days_late", terms("""
        days_past_due dpd days_late days_overdue overdue_days days_in_arrears dayspastdue
        days_delinquent number_of_days_in_arrears dpd_bucket delinquency_bucket aging_bucket
        ageing_bucket arrears_bucket bucket
        tage_uberfallig verzugstage tage_verzug tage_im_verzug dias_mora dias_de_mora dias_atraso
        dias_em_atraso
        dias_de_atraso dias_vencidos jours_retard jours_de_retard giorni_ritardo giorni_di_ritardo
        dagen_achterstand dni_opoznienia
        逾期天数 逾期日数 超期天数 欠款天数 延滞日数 연체일수
    """)),
    ("months_late", terms("""
        months_past_due months_late months_in_arrears mpd delinquency_status
        current_loan_delinquency_status dlq_status dlq_stat delinq_status repayment_status
        payments_past_due cycles_past_due cycle_past_due
        cycles_delq cycles_delinquent delinquent_cycles installments_overdue instalments_overdue
        overdue_installments overdue_instalments installments_past_due instalments_past_due
        missed_payments payments_overdue weeks_late weeks_overdue weeks_past_due weeks_in_arrears
        cuotas_vencidas cuotas_atrasadas parcelas_em_atraso
        逾期月数 逾期期数 逾期周数 延滞月数 연체개월
    """)),
    ("late_since", terms("""
        late_since past_due_since overdue_since arrears_since in_arrears_since delinquent_since
        oldest_unpaid_due_date oldest_due_date first_unpaid_due_date past_due_date overdue_date
        date_past_due verzug_seit en_mora_desde em_atraso_desde
        逾期日期 逾期日 逾期开始日期 逾期开始日 逾期起始日 逾期起始日期 首次逾期日期
    """)),
    ("currency", terms("currency ccy curr_code wahrung moneda devise valuta 币种 货币 通貨 통화")),
    ("balance", terms("""
        balance outstanding outstanding_balance current_balance closing_balance upb current_upb
        current_actual_upb act_upb out_prncp outstanding_principal principal_outstanding
        bill_amt pos bal out_bal os_bal outstanding_amount
        saldo restschuld restsaldo capital_restant capital_restant_du encours debito_residuo
        kapitalsaldo exposure ead
        余额 剩余本金 未偿本金 未还本金 账单金额 残高 잔액
        restkapital offener_betrag ausstehender_betrag aussenstand saldo_insoluto saldo_deudor
        saldo_devedor capital_pendiente principal_balance
    """)),
    ("pd_at_origination", terms("""
        pd_at_origination origination_pd pd_at_recognition initial_pd 初始违约概率 放款时违约概率
    """)),
    ("opened", terms("""
        origination orig_date origination_date issue_date issue_d open_date opened start_date
        disbursement_date disbursed_on booked_on booking_date funded_date approval_date
        approved_on vintage first_payment_date
        orig_month origination_month open_dt orig_dt cohort
        auszahlungsdatum fecha_desembolso fecha_de_desembolso fecha_otorgamiento fecha_apertura
        data_de_contratacao data_contratacao data_liberacao sanction_date sanctioned_on
        date_octroi date_deblocage
        放款日 放款日期 发放日期 起息日 开户日期 贷款发放日 実行日 실행일
        bewilligungsdatum booked_date kreditbeginn vertragsbeginn auszahlung auszahlung_am
        completion_date advance_date drawdown_date funding_date loan_date
        disbursal_date date_of_disbursement date_of_sanction 发放日 放款时间 发放时间 借款日期
    """)),
    ("age", terms("loan_age months_on_book month_on_book mob seasoning 账龄 在账月数 経過月数")),
    ("month", terms("""
        month reporting_month report_month reporting_period monthly_reporting_period period as_of
        cycle_date statement_date billing_date as_of_date asof snapshot snapshot_date
        reporting_date report_date statement_month
        observation_date data_cut_off_date cut_off_date cutoff_date cut_off pool_cut_off_date
        act_period quarter quarter_end month_end year_month yearmonth yyyymm yyyymmdd eom
        date_of_account_information file_date data_date
        stichtag monat mes fecha_corte fecha_de_corte fecha_cierre date_arrete data_base
        data_riferimento
        月份 报告月 报告日期 报表日期 统计月 统计日期 账期
        月末 期末 报告期 账单日期 数据日期 基准日 观察日 年月 季度 기준월
        berichtsmonat as_on as_on_date as_at as_at_date position_date business_date
    """)),
    ("version", terms("""
        version revision run_date extract_date extraction_date load_date loaded_on loaded_at
        restated_on updated_on updated_at last_updated submission_date submitted_on
        版本 更新日期 更新时间 提取日期 抽取日期
    """)),
    ("defaulted", terms("""
        default_date defaulted_on date_of_default charge_off_date chargeoff_date chgoffdate
        co_date npl_date fecha_incumplimiento fecha_castigo ausfalldatum 违约日期 不良日期 违约日
    """)),
    ("closed", terms("""
        closed_date close_date closing_date closed_on payoff_date paid_off_date paid_in_full_date
        termination_date settled_on settlement_date redemption_date fecha_cancelacion
        结清日期 结清日 销户日期
    """)),
    ("impaired", terms("""
        credit_impaired impaired stage_3 non_performing npl default_flag is_default in_default
        default_ind default_indicator 不良 减值
    """)),
    ("forborne", terms("""
        forborne forbearance restructured modified modification_flag mod_flag 重组 展期
    """)),
    ("status", terms("""
        status loan_status account_status state performance_status zustand estado situacion
        statut stato situacao
        状态 贷款状态 账户状态 还款状态 ステータス 상태
    """)),
    ("lgd", terms("lgd loss_given_default 违约损失率")),
    ("pd", terms("pd probability_of_default default_probability 违约概率")),
    ("collateral", terms("""
        collateral collateral_value property_value appraised_value security_value sicherheitenwert
        抵押物价值 押品价值 评估价值
    """)),
    ("rate", terms("""
        rate interest_rate int_rate apr annual_rate current_interest_rate zinssatz zins tasa taux
        curr_rate orig_rate nominal_rate tasa_interes tasso
        利率 年利率 执行利率 金利 금리
        roi rate_of_interest
    """)),
    ("term", terms("""
        term tenor tenure maturity_months term_months laufzeit plazo duree
        期限 贷款期限 期数 期間 기간
    """)),
    ("amount", terms("""
        loan_amount loan_amnt original_amount original_upb original_balance principal amount funded
        funded_amount funded_amnt limit_bal credit_limit limit disbursed_amount orig_upb
        original_principal_balance original_principal issuance_upb kreditbetrag monto montant
        valor_financiado
        贷款金额 放款金额 合同金额 授信额度 信用额度 借款金额 貸付金額 대출금액
        disbursement_gross gross_approval gr_appv sanctioned_amount sanctioned_limit sanction_limit
        approved_amount kreditsumme darlehensbetrag darlehenssumme nennbetrag
    """)),
    ("group", terms("""
        group group_id connected_group economic_group corporate_group 集团 关联集团 关联客户组
    """)),
    ("industry", terms("industry sector sic nace naics branche 行业 所属行业 業種 업종")),
    ("region", terms("""
        region state_code province city county branch property_state area plz bundesland 支行
        geographic_region addr_state zona sucursal provincia filiale agence uf
        地区 区域 省份 城市 分行 机构 地域 지역
    """)),
    ("product", terms("""
        product product_type loan_type purpose produkt producto produit prodotto
        产品 产品类型 贷款类型 贷款品种 业务品种
    """)),
    ("channel", terms("""
        channel origination_channel source dealer kanal canal 渠道 来源 チャネル 채널
    """)),
    ("grade", terms("""
        grade sub_grade rating risk_grade score_band 评级 等级 风险等级 五级分类 格付 등급
    """)),
)  # fmt: skip

# What was paid, charged, settled or got back, or lies ahead: parts of other stories.
_OTHER = terms("""
    settlement settled recovery recoveries collection paid payment pymnt instalment installment fee
    fees received rec insurance next scheduled target outcome
    还款额 已还 实还 手续费 月供
""")


_LOAN_ITSELF = terms("""
    account_number account_no acct_no loan_number loan_no loan_id underlying_exposure_identifier
    exposure_identifier
""")
# By themselves, as a loan is called; in a longer name it is something of a loan.
_LOAN_ALONE = (
    "loan", "account", "contract", "facility", "deal", "agreement", "loanaccount", "loanacno",
    "contrato", "credito", "prestamo", "kredit", "darlehen", "pret", "贷款", "借据", "合同",
)  # fmt: skip
_FORMERLY = terms("""
    previous prior former old predecessor refinanced_from restructured_from replaces vorherig*
    fruher* anterior ancien 原 旧
""")
_ROW_ITSELF = terms("id identifier unique_identifier reference ref 序号")
_ZERO_BALANCE = terms("zero_balance_code zero_bal_code zero_bal_cd")
_ZERO = terms("zero_balance zero_bal zb_dte")


_LOST = terms("""
    charge_off charged_off chargeoff chgoff chg_off write_off written_off loss default 核销 损失
""")
_LENT = terms("original orig initial issuance limit")


# What programs cut short: `curr_bal`, `cycle_dt`, `acct_nbr`.
_CUT = {
    "acct": "account", "amt": "amount", "bal": "balance", "cr": "credit", "curr": "current",
    "delq": "delinquent", "dlq": "delinquent", "dt": "date", "lim": "limit", "nbr": "number",
    "num": "number", "prin": "principal", "rt": "rate",
}  # fmt: skip
_LATE = terms("""
    arrears overdue past_due delinquent delinquency late verzug ruckstand* uberfallig* mora atraso
    retard ritardo 逾期 拖欠 欠款
""")
_IN_DAYS = terms("days tage tagen dias jours giorni dagen 天 日数")
_IN_MONTHS = terms("""
    months monate monaten meses mois mesi cycles instalments installments raten cuotas parcelas 月数
    期数
""")
_HOW_OFTEN = terms("times number_of_times veces 次数")


def role_of(header: str) -> Role | None:
    """The part that a column's name sounds like, also where it is cut short; None where it says
    nothing."""
    whole = "_".join(_CUT.get(each, each) for each in tokens(header))
    if _LATE.within(whole) and _HOW_OFTEN.within(whole):
        return None
    return _sounds(header) or _sounds(whole) or _how_late(whole)


def _how_late(header: str) -> Role | None:
    """How late in days or months, whichever words say so: `Rückstand in Tagen`."""
    if not _LATE.within(header) or _OTHER.within(header):
        return None
    if _IN_DAYS.within(header):
        return "days_late"
    return "months_late" if _IN_MONTHS.within(header) else None


def _sounds(header: str) -> Role | None:
    if _ZERO.within(header):  # a code for why nothing is owed any more, and its day
        return "status" if _ZERO_BALANCE.within(header) else None
    kind = identifier_kind(header)
    if _LOAN_ITSELF.within(header) or "".join(tokens(header)) in _LOAN_ALONE:
        kind = "loan"
    elif _OTHER.within(header) and not any(named.within(header) for _, named in _ROLES[:2]):
        return None
    elif kind in ("any", "row") and _ROW_ITSELF.has("".join(tokens(header))):
        kind = "loan"
    if kind == "loan" and _FORMERLY.within(header):
        return "formerly"
    if kind in ("loan", "customer"):
        return "loan" if kind == "loan" else "customer"
    role = next((role for role, named in _ROLES if named.within(header)), None)
    if role == "amount" and (_LATE.within(header) or _LOST.within(header)):  # was not lent so
        return None
    return "amount" if role == "balance" and _LENT.within(header) else role


_STATUS = terms("status state zustand estado statut stato 状态")


def tells_status(header: str) -> bool:
    """Whether the name is that of a state, of whatever it is."""
    return bool(_STATUS.within(header))


# Of several columns that sound like a part, those that say it of now, and those of another time.
_LIKELIER: dict[Role, tuple[Terms, Terms]] = {
    "balance": (
        terms("current curr outstanding remaining closing ending act actual now today"),
        terms("""original orig initial opening issuance last previous prior min max avg average mean
              arrears overdue past_due limit insured available first"""),
    ),
    "rate": (
        terms("current curr now"),
        terms("original orig initial penalty default margin index"),
    ),
    "days_late": (terms("current curr now"), terms("max maximum worst ever average avg last")),
    "months_late": (terms("current curr now"), terms("max maximum worst ever average avg last")),
    "product": (terms("product product_type"), terms("purpose")),
    "region": (
        terms("state province region bundesland 省 地区"),
        terms("city town branch plz 城市"),
    ),
    "month": (
        terms("report reporting snapshot as_of cut_off stichtag 报告 数据日期"),
        terms("first last next previous"),
    ),
    "loan": (
        terms("loan account contract 借据"),
        terms("unique group pool branch new consumer customer"),
    ),
    "opened": (terms("orig origination disbursement issue"),
        terms("first_payment vintage cohort approval approved"),
    ),
    "status": (terms("loan account"), terms("employment marital application document")),
}  # fmt: skip


UNLIKELY = -1  # what another time owed, or how late a loan ever was, is not taken by its name


def likelihood(role: Role, header: str) -> int:
    """How much likelier than others the column plays the part, of all that sound like it."""
    better, worse = _LIKELIER.get(role, (None, None))
    if "".join(tokens(header)) in _LOAN_ALONE:
        return 0
    return bool(better and better.within(header)) - 2 * bool(worse and worse.within(header))


# MBA's way, which Fannie Mae's and Freddie Mac's files follow: 1 is 30 to 59 days past due.
_FULL_MONTHS = terms("""
    delinquency_status current_loan_delinquency_status dlq_status dlq_stat delinq_status
""")
_UNITS: tuple[tuple[Unit, re.Pattern[str]], ...] = (
    ("minor", re.compile(
        r"(?:(?<=[a-z])Cents?$)|(?i:(?:^|[_\s(])(?:cents?|pence|minor(?:_units?)?|centavos|centimes)\b)|[(（]分[)）]"
    )),
    ("lakh", re.compile(r"(?i)\b(?:lakhs?|lacs?)\b")),
    ("crore", re.compile(r"(?i)\bcrores?\b")),
    ("ten_thousand", re.compile(r"万")),
    ("hundred_million", re.compile(r"亿")),
    ("million", re.compile(r"(?i)(?:^|[_\s(])(?:millions?|mln|mio|mn|mm)\b|百万")),
    ("thousand", re.compile(
        r"(?i)(?:^|[_\s(’'])(?:000s?|thousands?|tsd|teur|tusd|k(?:usd|eur|gbp|cny|rmb)?|miles)\b|千元"
    )),
)  # fmt: skip


_PERCENT = terms("pct percent percentage prozent porcentaje 百分比 百分数")
_WEEKS = terms("week* 周")


def tells_percent(header: str) -> bool:
    """Whether the name is of a share in per cent."""
    return "%" in header or "％" in header or bool(_PERCENT.within(header))


def tells_weeks(header: str) -> bool:
    """Whether the name is of weeks, or of what comes weekly."""
    return bool(_WEEKS.within(header))


def unit_of(role: Role, header: str) -> Unit:
    """The unit that a column's name tells: of an amount, or of months late."""
    if role == "months_late":
        full: Unit = "full_months" if _FULL_MONTHS.within(header) else ""
        return "weeks" if tells_weeks(header) else full
    return next((unit for unit, said in _UNITS if said.search(header)), "")
