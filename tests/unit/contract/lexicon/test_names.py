"""What names suggest: as lenders of many countries and programs write them."""

from __future__ import annotations

import pytest

from equipoise.contract.lexicon import (
    application_date,
    identifier_kind,
    protected_kind,
    proxy_kind,
    sounds_like_date,
    sounds_like_outcome,
    sounds_like_weight,
    sounds_postal,
)
from equipoise.contract.lexicon.money import is_income, is_loan_amount, is_term, period


def _each(table: str) -> list[str]:
    return table.split()


PROTECTED = {
    "sex": "SEX gender CODE_GENDER applicantGender género sexo sexe Geschlecht Anrede sesso "
    "geslacht płeć пол cinsiyet pohlaví kjønn sukupuoli jenis_kelamin gioi_tinh 性别 性別 성별 "
    "الجنس लिंग isMale Salutation",
    "age": "age AGE YOB DOB DAYS_BIRTH date_of_birth birthYear edad fecha_nacimiento idade "
    "data_nascimento date_naissance Geburtsdatum gebdat Alter leeftijd geboortedatum wiek "
    "возраст дата_рождения yaş umur tgl_lahir tuoi 年龄 出生日期 生年月日 나이 العمر आयु",
    "marital status": "FAMILY_STATUS NAME_FAMILY_STATUS maritalStatus MARRIAGE civil_status "
    "personal_status_sex estado_civil Familienstand situation_familiale stato_civile "
    "burgerlijke_staat stan_cywilny семейное_положение medeni_hal status_perkawinan 婚姻状况 "
    "결혼여부 वैवाहिक_स्थिति",
    "nationality": "nationality foreign_worker country_of_birth Staatsangehörigkeit nacionalidad "
    "nationalité cittadinanza гражданство uyruk kewarganegaraan 国籍 국적 الجنسية",
    "race or ethnicity": "race ethnicity raça etnia afam caste tribe 民族 人種 suku",
    "religion": "religion Konfession religião agama dini_inanc 宗教 종교 धर्म الديانة",
    "disability or health": "disability Schwerbehinderung_behindert discapacidad 残疾 장애",
}
NOT_PROTECTED = _each(
    "average mortgage account_age age_of_oldest_tradeline vehicle_age foreign_currency_loan "
    "balance usage postage language_score single_loan engagement income house_age alterations "
    "contract message n_images"
)
IDENTIFIERS = {
    "loan": "listing_number LoanNr_ChkDgt contract_nbr deal_num loan_id ListingKey LOAN_NO "
    "Vertragsnummer numero_contrato num_prestamo account_no 合同编号 借据号 applicationID "
    "номер_договора loanid Darlehensnr",
    "customer": "customer_id cust_nbr MemberKey Kundennummer numero_cliente client_id borrowerId "
    "nasabah_id custid 客户编号 顧客番号 id_cliente cpf_numero",
    "any": "id ID SK_ID_CURR uuid 编号",
    "row": "Unnamed:0 index Idx row_number S.No SlNo column_1 序号 record_no rownames",
    "": "income num_open_accounts number_of_loans installment_number_of_months postcode "
    "DAYS_ID_PUBLISH OBS_30_CNT_SOCIAL_CIRCLE mths_since_last_record help_index lp_fees "
    "credit_amount age valid paid covid prepaid unpaid grade_code_x monthly_payment",
}
POSTAL = _each(
    "zip ZipCode zip3 zip_code POSTAL PostCode post_code_2 pincode PIN CEP PLZ cap codigo_postal "
    "CodigoPostal code_postal kod_pocztowy posta_kodu kode_pos 邮编 邮政编码 郵便番号 우편번호 "
    "индекс_почтовый"
)
NOT_POSTAL = _each("capital market_cap spin pinned_amount recipe_cep_total shipping cap_rate")
PROXIES = _each(
    "branch_code neighbourhood surname LastName mother_tongue language bairro Stadtteil city "
    "school district addr_state CNT_CHILDREN 城市 姓名 REGION_NAME nachname"
)
AFTERWARDS = _each(
    "principal_repaid_to_date late_fees_received recoveries total_paid TotalPaid balance_now "
    "BalanceGross days_past_due max_dpd last_payment_date LastPymntAmnt ChgOffDate ChgOffPrinGr "
    "charge_off_amt cust_total_pymnt collections hardship_flag out_prncp loan_recoveries_total "
    "months_on_book dias_mora Restschuld montant_recouvré saldo_devedor 逾期天数 Recession "
    "LoanFirstDefaultedCycleNumber LP_CustomerPayments dlq_status last_fico_range_high "
    "closed_date current_dpd loss_given_default xx total_rec_late_fee prepayment_amount"
)
BEFOREHAND = _each(
    "collections_12_mths_ex_med total_acc lossless duration_in_month chargeoff_within_12_mths "
    "num_accts_ever_120_pd mths_since_last_delinq NumberOfTimes90DaysLate acc_now_delinq income "
    "application_received_date annual_inc employment_length number_of_payments payment_method "
    "PRI.OVERDUE.ACCTS maximum poutcome mobile_phone"
)
WEIGHTS = _each(
    "sample_weight weight wt WGT pweight expansion_factor factor_expansion peso_muestral fweight "
    "Gewicht 权重 survey_weight"
)
NO_WEIGHTS = _each("weight_kg body_weight gross_vehicle_weight birth_weight risk_weight height lbs")


def _cells(table: dict[str, str]) -> list[tuple[str, str]]:
    return [(header, kind) for kind, headers in table.items() for header in headers.split()]


@pytest.mark.parametrize(("header", "kind"), _cells(PROTECTED))
def test_a_protected_trait_is_known_by_its_name(header: str, kind: str) -> None:
    assert protected_kind(header) == kind


@pytest.mark.parametrize("header", NOT_PROTECTED)
def test_what_only_looks_like_a_trait_is_none(header: str) -> None:
    assert protected_kind(header) == ""


@pytest.mark.parametrize(("header", "kind"), _cells(IDENTIFIERS))
def test_an_identifier_is_known_with_its_owner(header: str, kind: str) -> None:
    assert identifier_kind(header) == kind


@pytest.mark.parametrize("header", POSTAL)
def test_a_postal_code_is_known_and_named_as_a_proxy(header: str) -> None:
    assert sounds_postal(header)
    assert "race" in proxy_kind(header)


@pytest.mark.parametrize("header", NOT_POSTAL)
def test_a_short_postal_word_inside_another_name_is_none(header: str) -> None:
    assert not sounds_postal(header)


@pytest.mark.parametrize("header", PROXIES)
def test_other_proxies_are_named(header: str) -> None:
    assert proxy_kind(header)


@pytest.mark.parametrize("header", AFTERWARDS)
def test_what_is_known_afterwards_is_known_by_words_in_any_place(header: str) -> None:
    assert sounds_like_outcome(header)


@pytest.mark.parametrize("header", BEFOREHAND)
def test_what_a_bureau_or_form_tells_beforehand_is_no_outcome(header: str) -> None:
    assert not sounds_like_outcome(header)


@pytest.mark.parametrize("header", WEIGHTS)
def test_a_sample_weight_is_known(header: str) -> None:
    assert sounds_like_weight(header)


@pytest.mark.parametrize("header", NO_WEIGHTS)
def test_the_weight_of_a_body_or_a_thing_is_none(header: str) -> None:
    assert not sounds_like_weight(header)


@pytest.mark.parametrize(
    ("headers", "dated"),
    [
        ("account_open_date disbursal_date", "disbursal_date"),
        ("open_date DisbursementDate ChgOffDate", "DisbursementDate"),
        ("created funding_date due_date", "funding_date"),
        ("birth_date effective_date last_payment_date", "effective_date"),
        ("ListingCreationDate ClosedDate", "ListingCreationDate"),
        ("account_open_date loan_date maturity_date", "loan_date"),
        ("开户日期 放款日期 到期日期", "放款日期"),
        ("issue_d application_dt", "application_dt"),
        ("fecha_nacimiento fecha_desembolso fecha_vencimiento", "fecha_desembolso"),
        ("Geburtsdatum Antragsdatum Auszahlungsdatum", "Antragsdatum"),
        ("ApprovalDate DisbursementDate", "ApprovalDate"),
        ("due_date birth_date", None),
    ],
)
def test_the_application_is_dated_by_the_likeliest_name(headers: str, dated: str | None) -> None:
    assert application_date(headers.split()) == dated


@pytest.mark.parametrize(
    "header", _each("issue_d loan_dt ApprovalDate fecha Datum 日期 tarih дата disbursaldate")
)
def test_the_name_of_a_day_is_known(header: str) -> None:
    assert sounds_like_date(header)


@pytest.mark.parametrize(
    ("names", "header"),
    [
        (
            is_loan_amount,
            "LoanAmount loan_amnt AMT_CREDIT credit_amount Kreditbetrag",
        ),
        (
            is_loan_amount,
            "montant_pret monto_prestamo DisbursementGross GrAppv_gr_appv 贷款金额 сумма_кредита",
        ),
        (is_term, "Loan_Amount_Term term loan_term_months Laufzeit plazo_meses duree_mois 期限"),
        (is_term, "term_days duration_in_month срок_кредита prazo looptijd 贷款期限 tenure"),
        (is_income, "ApplicantIncome annual_inc AMT_INCOME_TOTAL Nettoeinkommen salario 月收入"),
    ],
)
def test_amount_term_and_income_are_known(names: object, header: str) -> None:
    assert callable(names)
    assert [each for each in header.split() if not names(each)] == []


@pytest.mark.parametrize(
    "header",
    _each(
        "Loan_Amount_Term amt_annuity monthly_payment AMT_REQ_CREDIT_BUREAU_YEAR "
        "PRI.SANCTIONED.AMOUNT"
    ),
)
def test_a_term_or_an_instalment_is_no_amount(header: str) -> None:
    assert not is_loan_amount(header)


@pytest.mark.parametrize(
    "header", _each("duration employment_duration call_duration residence_term dti income_ratio")
)
def test_other_durations_are_no_term_and_shares_no_income(header: str) -> None:
    assert not is_term(header)
    assert not is_income(header)


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("term_days", "day"),
        ("loan_weeks", "week"),
        ("MonthlyIncome", "month"),
        ("annual_inc", "year"),
        ("ingreso_mensual", "month"),
        ("Jahreseinkommen", "year"),
        ("月収", "month"),
        ("income", ""),
    ],
)
def test_the_unit_of_time_is_read_from_the_name(header: str, unit: str) -> None:
    assert period(header) == unit
