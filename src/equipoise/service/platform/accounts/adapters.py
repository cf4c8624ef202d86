"""How log-in behaves where django-allauth asks: nobody signs up by themselves, and whoever guesses
is slowed."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from equipoise.service.platform.accounts.guessing import guess_password


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an administrator; a password is looked at when its turn has come."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        guess = guess_password(request, str(credentials.get("username") or ""))
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user is not None:
            guess.right()
        return user


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Whom the identity provider lets in gets an account, without a role: it may do nothing yet."""

    def is_open_for_signup(self, _request: HttpRequest, _sociallogin: Any) -> bool:
        return True
