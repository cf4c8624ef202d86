"""The page of settings: what each is here and what it means. Nothing is changed on it, and no
secret is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from equipoise.service.pages.frame.guard import may
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.setting import Setting
from equipoise.service.platform.variables import SETTINGS
from equipoise.texts.saying import say


@dataclass(frozen=True, slots=True)
class Shown:
    """A setting as it is here; a secret says only whether it is given."""

    name: str
    value: str
    default: str
    meaning: str
    secret: bool
    changed: bool


@require_safe
@never_cache
@may(Action.READ_SETTINGS)
def index(request: HttpRequest) -> HttpResponse:
    """Every setting, in the order of the reference."""
    return render(
        request, "administrator/settings.html", {"settings": [_shown(s) for s in SETTINGS]}
    )


def _shown(setting: Setting) -> Shown:
    field = setting.name.removeprefix("EQUIPOISE_").lower()
    value = getattr(settings.CONFIGURATION, field)
    if setting.secret:
        said = say("given") if value else say("not given here")
        return Shown(setting.name, said, "", setting.meaning, secret=True, changed=False)
    return Shown(
        setting.name,
        _text(value),
        setting.default,
        setting.meaning,
        secret=False,
        changed=value != setting.read(setting.default),
    )


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, tuple):
        return ", ".join(str(each) for each in value)
    return "" if value is None else str(value)


urlpatterns = [path("", index, name="settings")]
