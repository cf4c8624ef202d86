"""How log-in behaves where django-allauth asks: nobody signs up by themselves."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an administrator."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        return False


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Whom the identity provider lets in gets an account, without a role: it may do nothing yet."""

    def is_open_for_signup(self, _request: HttpRequest, _sociallogin: Any) -> bool:
        return True
