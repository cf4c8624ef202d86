"""Numbers that prove themselves: cards, accounts, identity numbers."""

from __future__ import annotations

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def is_card(digits: str) -> bool:
    """Whether 13 to 19 digits pass Luhn's check. Source: ISO/IEC 7812-1, annex B."""
    if not (digits.isdigit() and 13 <= len(digits) <= 19):
        return False
    doubled = [int(each) * (1 + at % 2) for at, each in enumerate(reversed(digits))]
    return sum(each - 9 if each > 9 else each for each in doubled) % 10 == 0


def is_iban(text: str) -> bool:
    """Whether letters and digits are an IBAN. Source: ISO 13616, by ISO 7064 mod 97-10."""
    turned = text[4:] + text[:4]
    if not (15 <= len(text) <= 34 and turned.isascii() and turned.isalnum()):
        return False
    return int("".join(str(int(each, 36)) for each in turned)) % 97 == 1


def is_resident_number(text: str) -> bool:
    """Whether 18 characters are a Chinese resident's number. Source: GB 11643-1999."""
    body, check = text[:-1], text[-1:].upper()
    if len(text) != 18 or not body.isdigit():
        return False
    total = sum(weight * int(each) for weight, each in zip(_WEIGHTS, body, strict=True))
    return _CHECKS[total % 11] == check
