"""Passwords made of words that anyone would try here first.

A password may hold such a word; it may not be little else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import ValidationError

WORDS = (
    *("equipoise", "password", "passwort", "welcome", "letmein", "changeme", "secret", "login"),
    *("admin", "administrator", "analyst", "approver", "auditor", "underwriter", "officer"),
    *("credit", "loan", "loans", "lender", "lending", "bank", "banking", "risk", "decision"),
    *("qwerty", "asdf", "spring", "summer", "autumn", "winter"),
)


class OwnWords:
    """Refuses a password of which words of ours and of the lender's are more than half."""

    def validate(self, password: str, _user: object = None) -> None:
        """Raises ValidationError where more than half of the letters and digits are such words."""
        whole = _plain(password)
        left = len(without(whole, (*WORDS, *settings.CONFIGURATION.password_words)))
        if 2 * left < len(whole):
            raise ValidationError(self.get_help_text(), code="own_words")

    def get_help_text(self) -> str:
        """What a person reads."""
        return "Choose a password that is more than names of this service, the lender and seasons."


def without(plain: str, words: Sequence[str]) -> str:
    """What is left of a plain text without the words, the longest taken out first."""
    for word in sorted({_plain(word) for word in words} - {""}, key=len, reverse=True):
        plain = plain.replace(word, "")
    return plain


def _plain(text: str) -> str:
    """Letters and digits, without regard to case and width."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())
