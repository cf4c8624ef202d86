"""What a column's name suggests about it. Every suggestion is marked for review."""

from __future__ import annotations

from collections.abc import Iterable

from equipoise.contract.naming import words


def listed(text: str, by: str | None = None) -> frozenset[str]:
    """A set of words or phrases written as one text."""
    return frozenset(text.split(by))


_PROTECTED = {
    "sex": "sex gender male female",
    "age": "age ages aged dob birth birthday birthdate birthyear",
    "race or ethnicity": (
        "race racial ethnic ethnicity afam hispan hispanic latino latina black white asian"
    ),
    "marital status": "marital married marriage divorced single spouse widowed",
    "nationality": "nationality foreign foreigner citizenship citizen immigrant immigration",
    "religion": "religion religious faith",
    "disability": "disability disabled handicap",
}
_PROTECTED_CHINESE = {
    "sex": ("性别",),
    "age": ("年龄", "出生"),
    "race or ethnicity": ("民族", "种族"),
    "marital status": ("婚姻", "婚否"),
    "nationality": ("国籍", "户籍"),
    "religion": ("宗教",),
    "disability": ("残疾",),
}
# the age of a thing is not the age of a person, a single loan is not a single person
_OF_A_THING = listed(
    "account accounts acct business car company credit file firm house line loan months oldest "
    "product property tl trade trades tradeline vehicle"
)
_AMBIGUOUS = frozenset(("age", "ages", "aged", "single"))

_AFTER = listed(
    "total_pymnt total_rec out_prncp last_pymnt next_pymnt last_payment next_payment recoveries "
    "recovery collection_recovery debt_settlement settlement hardship charge_off chargeoff "
    "charged_off write_off writeoff written_off lgd realised_loss realized_loss loss_amount "
    "default_date date_default bad_date closed_date date_closed outcome loan_outcome"
)
_DECIDED = ("grade", "int_rate", "interest_rate", "apr", "sub_grade")
_DECIDED_WHOLE = ("installment", "instalment", "monthly_installment", "monthly_instalment")
_ID_WORDS = listed("id uuid guid ref reference number no nr num key code identifier")
_ID_OWNERS = listed(
    "account app applicant application client contract customer loan member person record row "
    "borrower unnamed index serial"
)
_POSTAL = frozenset(("zip", "zipcode", "postcode", "postal", "postalcode"))
_NEVER_NEGATIVE = listed("income salary wage wages earnings age limit term tenure")
_DATE_WORDS = listed("date day dt d issued opened applied time")
_APPLIED = (
    ("application", "applied", "apply", "app"),
    ("issue", "issued", "orig", "origination", "originated", "funded", "booked", "granted"),
    ("open", "opened", "start", "decision", "request", "requested", "created", "vintage"),
)
_OTHER_DATES = listed(
    "birth dob due last next maturity settlement payment pymnt closed close end earliest first "
    "default update updated"
)


def protected_kind(header: str) -> str:
    """Which protected trait a column seems to hold; empty when none."""
    found = words(header)
    for kind, signs in _PROTECTED.items():
        hits = listed(signs) & set(found)
        if hits and not (hits <= _AMBIGUOUS and _OF_A_THING & set(found)):
            return kind
    for kind, parts in _PROTECTED_CHINESE.items():
        if any(part in header for part in parts):
            return kind
    return ""


def sounds_like_outcome(header: str) -> bool:
    """Whether the name is that of something known only after the decision."""
    name = "_".join(words(header))
    return any(name == stem or name.startswith(f"{stem}_") for stem in _AFTER)


def sounds_decided(header: str) -> bool:
    """Whether the name is that of a price or grade, which the lender's own decision set."""
    name = "_".join(words(header))
    return name in _DECIDED_WHOLE or any(
        name == stem or name.endswith(f"_{stem}") for stem in _DECIDED
    )


def sounds_like_id(header: str) -> bool:
    """Whether the name is that of an identifier."""
    found = words(header)
    if not found:
        return False
    if found[-1] in ("id", "uuid", "guid"):
        return True
    owned = bool(_ID_OWNERS & set(found)) and (found[-1] in _ID_WORDS or found[0] == "unnamed")
    return owned or header in ("column_1", "index") or found == ["sk", "id", "curr"]


def sounds_postal(header: str) -> bool:
    """Whether the name is that of a postal code, whose digits are no quantity."""
    return bool(_POSTAL & set(words(header)))


def sounds_never_negative(header: str) -> bool:
    """Whether the name is that of a quantity below which zero makes no sense."""
    return bool(_NEVER_NEGATIVE & set(words(header)))


def sounds_like_date(header: str) -> bool:
    """Whether the name is that of a day, so that eight digits may be one."""
    return bool(_DATE_WORDS & set(words(header)))


def application_date(headers: Iterable[str]) -> str | None:
    """The header that most likely dates the application; None when each sounds like another day."""
    candidates = [h for h in headers if not _OTHER_DATES & set(words(h))]
    for group in _APPLIED:
        for header in candidates:
            if set(group) & set(words(header)):
                return header
    return candidates[0] if candidates else None
