"""Names of what is known only after the decision, and of what the decision itself set."""

from __future__ import annotations

from equipoise.contract.lexicon.terms import phrases, terms, tokens

_AFTER = terms("""
    total_paid totalpaid amount_paid amt_paid paid_amount total_pymnt totalpymnt total_payments
    total_rec total_rec_* totalrec* paid_to_date repaid_to_date principal_repaid principal_paid
    interest_paid fees_paid paid_principal paid_interest repaid_principal amount_repaid
    payments_received principal_received interest_received fees_received total_received
    amount_received late_fee late_fees late_charge late_charges recovery recoveries
    recovered recovery_amount collection_recovery out_prncp outprncp outstanding_principal
    outstanding_balance principal_outstanding balance_outstanding outstanding_amount balance_now
    balance_gross balance_left remaining_principal remaining_balance remaining_term
    principal_balance
    unpaid_principal unpaid_balance upb closing_balance ending_balance
    last_pymnt next_pymnt last_payment next_payment last_paid latest_payment payments_made
    months_paid instalments_paid
    installments_paid emis_paid missed_payments months_on_book months_on_books mob loan_age
    days_past_due dayspastdue dpd max_dpd maxdpd current_dpd days_late dayslate days_overdue
    overdue_days days_in_arrears days_delinquent overdue_amount amount_overdue overdue_balance
    past_due_amount amount_past_due arrears arrears_amount delinquency_status delinquent_amount
    in_collections in_collection collections collection_fee collection_fees collection_status
    charge_off charge_offs charged_off chargeoff* chargedoff* chgoff* chgdoff* write_off
    written_off writeoff* writtenoff* default_date date_default date_of_default default_amount
    time_to_default months_to_default loss_amount net_loss gross_loss realised_loss
    realized_loss loss_given_default lgd ead exposure_at_default principal_loss interest_loss
    debt_settlement settlement_amount settlement_date settlement_status settlement_term
    settlement_percentage hardship* restructured restructuring modification_flag modified_flag
    foreclos* repossess* closed_date close_date date_closed closing_date closure_date
    payoff_date paid_off_date date_paid prepaid prepayment* terminated_date termination_date
    outcome loan_outcome final_status end_status performance_status bad_date legal_action
    recession daysterm first_defaulted months_since_origination last_fico pymnt_plan dlq_status
    mod_flag zero_bal zero_balance_code zero_bal_code zb_dte rem_months remaining_months
    customer_payments lpcustomer* lpinterest* lpgross* lpnet* lpcollection* lpservice* lpnon*
    monto_pagado total_pagado valor_pagado pagos_realizados saldo_actual saldo_pendiente
    dias_mora dias_de_mora dias_atraso dias_de_atraso fecha_ultimo_pago ultimo_pago
    fecha_castigo fecha_cancelacion monto_castigado recuperado recuperacion recuperaciones
    valor_pago total_pago saldo_devedor parcelas_pagas data_ultimo_pagamento ultimo_pagamento
    recuperacao valor_recuperado data_liquidacao
    montant_rembourse montant_paye jours_retard jours_de_retard solde_restant dernier_paiement
    date_dernier_paiement capital_restant_du recouvrement montant_recouvre date_cloture
    restschuld restsaldo tage_verzug verzugstage tage_im_verzug letzte_zahlung zahlungseingang
    gezahlt gesamt_gezahlt mahnstufe mahnungen inkasso abschreibung ausbuchung ruckstand
    rueckstand zahlungsruckstand giorni_ritardo giorni_di_ritardo debito_residuo ultimo_pagamento
    importo_pagato importo_recuperato dagen_achterstand laatste_betaling restschuld afgelost
    dni_opoznienia saldo_zadluzenia ostatnia_wplata kwota_splacona windykacja
    днеи_просрочки дни_просрочки просрочк* сумма_просрочки остаток_долга остаток_основного_долга
    дата_последнего_платежа выплачено погашено взыскано
    gecikme gecikme_gunu son_odeme kalan_borc odenen_tutar tahsilat
    sisa_pokok sisa_pinjaman hari_tunggakan tunggakan pembayaran_terakhir
    so_ngay_qua_han du_no_con_lai
    逾期 已还 剩余本金 剩余期数 待还 最近还款 结清 核销 催收 回收 已收 延滞日数 残高 連体 연체일수
    상환액
    أيام_التأخير المبلغ_المدفوع
""")
_AFTER_WHOLE = terms("xx")
# of other loans, or of a time before: what a bureau tells when somebody applies
_BEFORE = terms("""
    within since ever prior previous before bureau hist history historic historical mths mth
    mnths 12m 24m 6m 3m 2yrs 2yr yrs years times time count cnt worst max_ever last_12_months
    last_24_months last_6_months past_12_months external other others existing inq months_since
    accts accounts trades tl anterior anteriores historico precedent vorherige fruhere
    历史 近 次数 过去 曾
""")

_DECIDED = (
    "grade", "int_rate", "interest_rate", "apr", "sub_grade", "tasa", "taxa_juros", "zinssatz",
    "tasso", "taux", "rente", "oprocentowanie", "faiz_orani", "suku_bunga", "lai_suat",
    "borrower_rate", "lender_yield", "estimated_loss", "estimated_return", "tasa_interes",
    "tasa_de_interes",
)  # fmt: skip
_DECIDED_SIGNS = ("利率", "ставка", "金利", "금리")
_DECIDED_WHOLE = ("installment", "instalment", "monthly_installment", "monthly_instalment", "emi")


def sounds_like_outcome(header: str) -> bool:
    """Whether the name is that of something known only after the decision."""
    if len(tokens(header)) == 1 and _AFTER_WHOLE.has(tokens(header)[0]):
        return True
    return bool(_AFTER.within(header)) and not sounds_historic(header)


def sounds_historic(header: str) -> bool:
    """Whether the name tells of a time before the application, or of other loans."""
    return bool(_BEFORE.within(header)) or any(
        phrase[:-1].isdigit() and phrase[-1] in "my" for phrase in phrases(header)
    )


def sounds_decided(header: str) -> bool:
    """Whether the name is that of a price or grade, which the lender's own decision set."""
    name = "_".join(tokens(header))
    return (
        name in _DECIDED_WHOLE
        or any(name == stem or name.endswith(f"_{stem}") for stem in _DECIDED)
        or any(sign in name for sign in _DECIDED_SIGNS)
    )
