"""Names of identifiers: of the loan, of the person behind it, or of the row alone."""

from __future__ import annotations

from typing import Literal

from equipoise.contract.lexicon.terms import Terms, fold, terms, tokens

IdKind = Literal["", "loan", "any", "customer", "row"]

_LOAN = terms("""
    loan app application contract deal account acct acc listing agreement facility case file
    request offer note ticket transaction policy credit lead opportunity proposal booking
    darlehen darlehens kredit vertrag vertrags antrag antrags konto prestamo credito solicitud
    contrato operacion expediente cuenta emprestimo proposta operacao pret dossier contrat
    demande pratica
    finanziamento contratto domanda rapporto lening overeenkomst aanvraag umowa umowy wniosek
    wniosku pozyczka кредит* договор* заявк* заим* счет* kredi basvuru sozlesme pinjaman kontrak
    khoan_vay hop_dong avtal lan lainan sopimus smlouva uver
    贷款 借款 合同 订单 标的 申请 进件 借据 账户 契約 申込 融資 대출 계약 신청 القرض العقد ऋण
""")
_CUSTOMER = terms("""
    customer cust customers client cli clt borrower member applicant person party obligor debtor
    user consumer household ssn nric passport aadhaar aadhar cpf cnpj dni nif nie rut curp rfc
    cuit cedula pesel bsn tc_kimlik national nationalid social_security tax_id taxid nin
    kunde kunden kundin cliente clientes titular persona tomador persoon klant klient klienta
    клиент* заемщик* заемщ* пасспорт паспорт инн снилс musteri nasabah pelanggan khach_hang kund
    asiakas zakaznik pelaku
    客户 用户 身份证 借款人 会员 顧客 利用者 会員 고객 회원 العميل ग्राहक
""")
_WORD = terms("""
    id ids uuid guid ref reference number numbers num nr nbr no numb key code cd identifier ident
    pk token hash chkdgt nummer numero num folio matricula identificador identifiant kennung
    kennzeichen kenn номер ид id_number nomor so_hieu numer nro n cislo
    编号 編號 号码 号 编码 序列号 代码 番号 번호 رقم क्रमांक
""")
_LAST = terms("id ids uuid guid idcode")
_ROW = terms("""
    unnamed index idx row rowid row_id row_number rownum row_no rownames row_names record
    record_number record_no serial serial_no serial_number sno s_no sl_no slno sr_no srno seq
    sequence seq_no counter obs obs_no observation lfd lfd_nr lp column_1 level_0 x_1 rn
    порядковый_номер п_п 序号 序號 行号 連番 순번
""")
_ROW_WHOLE = terms("x no nr num n column1 field1")
_COUNTS = terms("""
    of per count counts times total sum avg average mean max min ever open months days since cycle
    flag
""")


def identifier_kind(header: str) -> IdKind:
    """Whose identifier the name is: the loan's, the customer's, a row counter's, or just one.

    Empty where the name is none of an identifier.
    """
    split = tokens(header)
    if not split:
        return "row" if fold(header).strip() in ("", "#") else ""
    whole = "".join(split)
    counts = _ROW.has(whole) or _ROW.has(whole.rstrip("0123456789")) or split[0] == "unnamed"
    if counts or (len(split) == 1 and _ROW_WHOLE.has(split[0])) or _has_sign(_ROW, header):
        return "row"
    return _named(header, split)


def _named(header: str, split: tuple[str, ...]) -> IdKind:
    glued = [owner for word in split if (owner := _glued_owner(word))]
    worded = bool(_word_of(split, header)) and not any(_COUNTS.has(word) for word in split)
    if not (worded or glued or _LAST.has(split[-1])):
        return ""
    if _CUSTOMER.within(header) or any(_CUSTOMER.has(owner) for owner in glued):
        return "customer"
    if _LOAN.within(header) or glued:
        return "loan"
    leads = split[0] == "id" or split[:2] == ("sk", "id")
    return "any" if _LAST.has(split[-1]) or len(split) == 1 or leads else ""


def _has_sign(named: Terms, header: str) -> bool:
    return any(sign in fold(header) for sign in named.signs)


def _glued_owner(word: str) -> str:
    """Whose number a name in one word is: `kunden` of `kundennummer`, `loan` of `loanid`."""
    for end in ("nummer", "number", "nbr", "nr", "no", "id"):
        owner = word.removesuffix(end)
        if owner != word and (_LOAN.has(owner) or _CUSTOMER.has(owner)):
            return owner
    return ""


def _word_of(split: tuple[str, ...], header: str) -> str:
    """The word that makes a name an identifier's, beside its owner or glued to it."""
    return _WORD.within(header) or next(
        (word for word in split if word.endswith(("nummer", "nr"))), ""
    )


def sounds_like_id(header: str) -> bool:
    """Whether the name is that of an identifier."""
    return bool(identifier_kind(header))


def names_a_person(header: str) -> bool:
    """Whether the name is that of a customer's number, which may stand behind several loans."""
    return identifier_kind(header) == "customer" or bool(
        terms("account acct konto cuenta conta").within(header) and identifier_kind(header)
    )
