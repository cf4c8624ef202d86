"""The guard of every endpoint: who is asking, may they, and not too often.

`@router.post("/x", auth=May(Action.DECIDE))`; inside, `caller(request)` is whoever asked, and their
reach over rows is `reach(request)`. An API key comes as `Authorization: Bearer`; a person by
session, and then a changing request needs the CSRF token.
"""

from __future__ import annotations

from typing import cast

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja.errors import HttpError
from ninja.security import HttpBearer
from ninja.utils import check_csrf

from equipoise.errors import EquipoiseError
from equipoise.service.platform.accounts.credentials import token_in
from equipoise.service.platform.accounts.key_ends import warning_of
from equipoise.service.platform.accounts.keys import Limit, principal_by_token
from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Action, Principal, Reach
from equipoise.service.platform.accounts.rates import Buckets
from equipoise.service.platform.accounts.services import principal_of

COUNTED = "equipoise.counted"  # in a request's environment: it was counted before its body came
_buckets = Buckets()


class TooOften(Exception):
    """The caller is over their rate; there is a token again in `wait` seconds."""

    def __init__(self, wait: float) -> None:
        super().__init__("too many requests")
        self.wait = wait


class TriesOnly(EquipoiseError):
    """What a test key asks would have an effect."""

    def __init__(self) -> None:
        super().__init__(
            "a test key changes nothing",
            mend="decide with it, or send this with a key of a program that is no test",
        )


class May(HttpBearer):
    """Lets a request through if its caller may do the action; a test key's only to read."""

    def __init__(self, action: Action) -> None:
        super().__init__()
        self.action = action

    def __call__(self, request: HttpRequest) -> Principal:
        """The caller. Raises HttpError 401 or 403, or TooOften."""
        header = request.META.get("HTTP_AUTHORIZATION")
        if header is None:
            principal = _by_session(request)
        else:
            principal = self._by_key(request, token_in(header))
        if principal is None:
            raise HttpError(401, "log in, or send a key as `Authorization: Bearer`")
        if not acts(request, principal, self.action):
            raise HttpError(403, f"this needs the right '{self.action.value}'")
        if principal.test and not self.harmless(request):
            raise TriesOnly
        return principal

    def harmless(self, request: HttpRequest) -> bool:
        """Whether what is asked by a test key has no effect."""
        return request.method in ("GET", "HEAD")

    def authenticate(self, request: HttpRequest, token: str) -> Principal | None:
        """Not used: `__call__` decides."""
        raise NotImplementedError

    def _by_key(self, request: HttpRequest, token: str) -> Principal | None:
        holder = principal_by_token(token)
        if holder is None:
            return None
        principal, limit = holder
        request.limit = limit  # type: ignore[attr-defined]
        if COUNTED not in request.META:
            count(limit)
        # The outermost middleware puts these on whatever is answered.
        request.answer_headers = warning_of(limit.ends, timezone.now())  # type: ignore[attr-defined]
        return principal


class MayTry(May):
    """As May, where a test key's request is answered without effect."""

    def harmless(self, _request: HttpRequest) -> bool:
        return True


def count(limit: Limit, amount: int = 1) -> None:
    """Count a request of the program, or so many that one holds: it owes what it has not. Raises
    TooOften where it has none."""
    wait = _buckets.take(limit.program, limit.rate, limit.burst, amount)
    if wait > 0:
        raise TooOften(wait)


def count_more(request: HttpRequest, amount: int) -> None:
    """Count that many more of the program that asks; nothing where a person does."""
    limit: Limit | None = getattr(request, "limit", None)
    if limit is not None and amount:
        count(limit, amount)


def acts(request: HttpRequest, principal: Principal, action: Action) -> bool:
    """Whether the principal may do the action; if so, they are the request's caller."""
    over = principal.reach(action)
    request.principal, request.reach = principal, over  # type: ignore[attr-defined]
    return over is not None


def caller(request: HttpRequest) -> Principal:
    """Whoever made this request, once `May` has let it through."""
    return cast(Principal, request.principal)  # type: ignore[attr-defined]


def reach(request: HttpRequest) -> Reach:
    """Over which rows the caller may do what they ask."""
    return cast(Reach, request.reach)  # type: ignore[attr-defined]


def signed_in(request: HttpRequest) -> User | None:
    """The person whose session it is, where they may act."""
    user = request.user
    if isinstance(user, User) and user.is_active and not user.awaits_redemption:
        return user
    return None


def _by_session(request: HttpRequest) -> Principal | None:
    user = signed_in(request)
    if user is None:
        return None
    if check_csrf(request) is not None:
        raise HttpError(403, "the CSRF token is missing or wrong")
    if lacks_second_factor(user):
        raise HttpError(403, "set up a second factor first, at /accounts/2fa/")
    return principal_of(user)


def lacks_second_factor(user: User) -> bool:
    """Whether the person must set up a second factor before they can act."""
    if not settings.CONFIGURATION.require_mfa:
        return False
    return not Authenticator.objects.filter(user=user).exists()
