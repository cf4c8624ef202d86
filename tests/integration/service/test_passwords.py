"""Which passwords a person may choose."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError


def _refused(password: str) -> bool:
    try:
        validate_password(password)
    except ValidationError:
        return True
    return False


@pytest.mark.parametrize(
    "password",
    [
        "Equipoise2026!",
        "credit-risk-2026",
        "ＥＱＵＩＰＯＩＳＥ-2026",
        "Admin Admin Admin",
        "Summer2026Bank",
        "elevenchars",
        "passwordpassword",
    ],
)
def test_what_anyone_would_try_here_first_is_refused(password: str) -> None:
    assert _refused(password)


@pytest.mark.parametrize(
    "password",
    [
        "winter is no time for a bank holiday",
        "four plain words here",
        "8f3a2b91447c0d5e",
        "山高月小水落石出江流有聲",
        "p" + "ä?" * 60,
    ],
)
def test_any_composition_and_length_is_taken(password: str) -> None:
    assert not _refused(password)


def test_the_lenders_own_words_make_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not _refused("NorthseaMutual7")
    with_words = replace(django_settings.CONFIGURATION, password_words=("Northsea", "Mutual"))
    monkeypatch.setattr(django_settings, "CONFIGURATION", with_words)
    assert _refused("NorthseaMutual7")
    assert not _refused("a grey Northsea morning in June")
