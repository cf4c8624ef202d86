"""The page on which a person takes over the account to which they were invited."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods

from equipoise.errors import BadInput, EquipoiseError
from equipoise.service.pages.frame.language import in_ones_language
from equipoise.service.platform.accounts import inviting
from equipoise.service.platform.accounts.origins import mark_browser, origin_of
from equipoise.texts.refusing import refusal

_PAGE = "administrator/invitation.html"


@require_http_methods(["GET", "HEAD", "POST"])
@in_ones_language
def invitation(request: HttpRequest, invitation_id: str) -> HttpResponse:
    """Ask for the code and a password of one's own; then the person is logged in, and led to their
    second factor where they need one.

    Nobody redeems an invitation while another is logged in: it is for that person alone.
    """
    opened = inviting.open_invitation(invitation_id)
    if opened is None:
        return render(request, _PAGE, {"state": "ended"}, status=404)
    if request.user.is_authenticated:
        return render(
            request,
            _PAGE,
            {"state": "occupied", "username": request.user.get_username()},
            status=409,
        )
    shown = {
        "state": "open",
        "username": opened.user.username,
        "ends": f"{opened.expires_at:%Y-%m-%d %H:%M}",
        "second_factor": settings.CONFIGURATION.require_mfa,
    }
    if request.method == "POST":
        try:
            user = _redeemed(request, invitation_id)
        except EquipoiseError as error:
            shown |= {
                "fault": refusal(error.message),
                "mend": refusal(error.mend),
                "field": error.field,
            }
        else:
            return _log_in(request, user)
    answer = render(request, _PAGE, shown, status=422 if "fault" in shown else 200)
    mark_browser(request, answer)
    return answer


def _redeemed(request: HttpRequest, invitation_id: str) -> AbstractBaseUser:
    password = request.POST.get("password", "")
    if password != request.POST.get("again", ""):
        raise BadInput(
            "the two passwords are not the same", field="again", mend="type both of them anew"
        )
    code = request.POST.get("code", "")
    return inviting.redeem(invitation_id, code, password, origin_of(request))


def _log_in(request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
    """As whoever has just given their password."""
    from allauth.account.internal.flows.login import record_authentication
    from allauth.account.utils import perform_login

    record_authentication(request, user, method="password", username=user.get_username())
    needed = settings.CONFIGURATION.require_mfa
    answer: HttpResponse = perform_login(
        request,
        user,
        email_verification="none",
        redirect_url=reverse("mfa_activate_totp" if needed else "home"),
    )
    return answer


urlpatterns = [
    path("<slug:invitation_id>/", invitation, name="invitation"),
]
