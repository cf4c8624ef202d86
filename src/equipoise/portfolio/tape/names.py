"""What a column's name, or a word of a status, suggests. Every suggestion is marked for review."""

from __future__ import annotations

import re
from typing import NamedTuple

from equipoise.contract.lexicon import identifier_kind
from equipoise.contract.lexicon.terms import Terms, terms
from equipoise.portfolio.tape.document import Role, Standing

# Looked for in this order: `days past due` before `due`, `credit limit` before `credit`.
_ROLES: tuple[tuple[Role, Terms], ...] = (
    ("days_late", terms("""
        days_past_due dpd days_late days_overdue overdue_days days_in_arrears dayspastdue
        days_delinquent tage_uberfallig dias_mora dias_atraso jours_retard
        逾期天数 逾期日数 超期天数 延滞日数 연체일수
    """)),
    ("months_late", terms("""
        months_past_due months_late months_in_arrears mpd delinquency_status
        current_loan_delinquency_status repayment_status
        逾期月数 逾期期数 延滞月数 연체개월
    """)),
    ("balance", terms("""
        balance outstanding outstanding_balance current_balance closing_balance upb current_upb
        current_actual_upb out_prncp outstanding_principal principal_outstanding bill_amt saldo
        restschuld restsaldo capital_restant encours exposure ead
        余额 剩余本金 未偿本金 账单金额 残高 잔액
    """)),
    ("pd_at_origination", terms("""
        pd_at_origination origination_pd pd_at_recognition initial_pd 初始违约概率 放款时违约概率
    """)),
    ("opened", terms("""
        origination orig_date origination_date issue_date issue_d open_date opened start_date
        disbursement_date disbursed_on booked_on booking_date funded_date vintage first_payment_date
        auszahlungsdatum fecha_desembolso
        放款日 放款日期 发放日期 起息日 开户日期 贷款发放日 実行日 실행일
    """)),
    ("month", terms("""
        month reporting_month report_month reporting_period monthly_reporting_period period as_of
        as_of_date asof snapshot snapshot_date reporting_date report_date statement_month
        observation_date stichtag monat mes fecha_corte
        月份 报告月 报告日期 统计月 账期 数据日期 基准日 年月 기준월
    """)),
    ("impaired", terms("""
        credit_impaired impaired stage_3 non_performing npl default_flag 不良 减值
    """)),
    ("forborne", terms("forborne forbearance restructured modified modification_flag 重组 展期")),
    ("status", terms("""
        status loan_status account_status state performance_status zustand estado statut stato
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
        利率 年利率 执行利率 金利 금리
    """)),
    ("term", terms("""
        term tenor tenure maturity_months term_months laufzeit plazo duree
        期限 贷款期限 期数 期間 기간
    """)),
    ("amount", terms("""
        loan_amount loan_amnt original_amount original_upb original_balance principal amount funded
        funded_amount limit_bal credit_limit limit disbursed_amount kreditbetrag monto montant
        贷款金额 放款金额 合同金额 授信额度 信用额度 借款金额 貸付金額 대출금액
    """)),
    ("currency", terms("currency ccy curr wahrung moneda devise 币种 货币 通貨 통화")),
    ("group", terms("""
        group group_id connected_group economic_group corporate_group 集团 关联集团 关联客户组
    """)),
    ("industry", terms("industry sector sic nace naics branche 行业 所属行业 業種 업종")),
    ("region", terms("""
        region state_code province city county branch property_state area plz bundesland
        地区 区域 省份 城市 分行 机构 地域 지역
    """)),
    ("product", terms("""
        product product_type loan_type purpose produkt producto 产品 产品类型 贷款类型
    """)),
    ("channel", terms("""
        channel origination_channel source dealer kanal canal 渠道 来源 チャネル 채널
    """)),
    ("grade", terms("grade sub_grade rating risk_grade score_band 评级 等级 风险等级 格付 등급")),
)  # fmt: skip

# What was paid, charged, settled or got back, or lies ahead: parts of other stories.
_OTHER = terms("""
    settlement settled recovery recoveries collection paid payment pymnt instalment installment fee
    fees received rec insurance next scheduled target outcome
    还款额 已还 实还 手续费 月供
""")


def role_of(header: str) -> Role | None:
    """The part that a column's name sounds like; None where it says nothing."""
    if _OTHER.within(header) and not _ROLES[0][1].within(header):
        return None
    kind = identifier_kind(header)
    if kind == "loan":
        return "loan"
    if kind == "customer":
        return "customer"
    for role, named in _ROLES:
        if named.within(header):
            return role
    return "loan" if kind in ("any", "row") and header.lower() in ("id", "序号") else None


class Meaning(NamedTuple):
    """What a status says, and how many days past due at least."""

    standing: Standing
    days: int = 0


_WORDS: tuple[tuple[Meaning, Terms], ...] = (
    (Meaning("written_off"), terms("""
        charged_off charge_off chargeoff chargedoff written_off write_off writeoff wo bad_debt
        ausgebucht abgeschrieben castigado 核销 已核销 呆账 償却 상각
    """)),
    (Meaning("default", 91), terms("""
        default defaulted non_performing npl impaired foreclosure bankrupt bankruptcy reo
        违约 不良 次级 可疑 損失 破産
    """)),
    (Meaning("repaid"), terms("""
        fully_paid paid_off paid_in_full closed repaid prepaid settled matured paid terminated
        getilgt pagado solde zurueckgezahlt 结清 已结清 还清 已还清 完済 완납
    """)),
    (Meaning("late", 1), terms("""
        late overdue past_due delinquent arrears grace_period in_grace grace uberfallig mora atraso
        逾期 拖欠 延滞 연체 关注
    """)),
    (Meaning("current"), terms("""
        current performing active normal ok good open standard up_to_date regular laufend vigente
        正常 还款中 履约中 正常还款 正常類 정상
    """)),
)  # fmt: skip
_DAYS = re.compile(
    r"(\d{1,3})\s*(?:-|–|to|bis|至|~)\s*\d{1,3}|(\d{1,3})\s*\+|>\s*(\d{1,3})|(\d{1,3})"
)


def meaning_of(word: str) -> Meaning | None:
    """What a status word says; of a range of days its lower end. None where it says nothing."""
    for meaning, named in _WORDS:
        if named.within(word):
            if meaning.standing != "late":
                return meaning
            return Meaning("late", max(_days_in(word), 1))
    return None


def _days_in(word: str) -> int:
    match = _DAYS.search(word)
    if match is None:
        return 0
    lower, above, beyond, alone = match.groups()
    return int(beyond) + 1 if beyond else int(lower or above or alone)
