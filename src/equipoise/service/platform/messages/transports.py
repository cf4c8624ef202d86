"""By which ways messages leave here, as the configuration says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings

from equipoise.errors import BadInput
from equipoise.service.platform.messages.contacts import Channel
from equipoise.service.platform.record.nature import Nature, nature
from equipoise.service.platform.webhooks.guard import Target, target
from equipoise.service.platform.webhooks.services import allowed
from equipoise.service.platform.webhooks.signing import PREFIX, secret_key


@dataclass(frozen=True, slots=True)
class Transport:
    """What can be written to. `keeps`: nothing is sent, all of it is kept to be looked at."""

    channels: frozenset[Channel]
    keeps: bool = False


def transport() -> Transport | None:
    """By which ways messages leave here; None where there is none. Where nobody is real none do."""
    configuration = settings.CONFIGURATION
    if configuration.messages == "keep" or nature() is not Nature.REAL:
        return Transport(frozenset(Channel), keeps=True)
    ways = {Channel.EMAIL: configuration.mail_url, Channel.PHONE: configuration.sms_hook_url}
    channels = frozenset(channel for channel, url in ways.items() if url)
    return Transport(channels) if channels else None


def described() -> dict[str, str]:
    """The ways in words, for the log of a start: hosts, and nothing secret. Raises BadInput where
    one cannot be used."""
    configuration = settings.CONFIGURATION
    if configuration.messages == "keep" or nature() is not Nature.REAL:
        return dict.fromkeys(Channel, "kept, not sent")
    mail = urlsplit(configuration.mail_url).hostname or "none"
    hook = hook_target().host if configuration.sms_hook_url else "none"
    if configuration.sms_hook_url:
        hook_key()
    if transport() is not None and not configuration.address:
        raise BadInput(
            "messages can be sent, and their links would lead nowhere",
            field="EQUIPOISE_ADDRESS",
            mend="say where people reach the pages, such as https://apply.example.com",
        )
    return {Channel.EMAIL: mail, Channel.PHONE: hook}


def hook_target() -> Target:
    """Where messages to telephones are posted. Raises Forbidden, as webhooks do."""
    return target(settings.CONFIGURATION.sms_hook_url, allowed())


def hook_key() -> bytes:
    """What signs them. Raises BadInput."""
    return _key(settings.CONFIGURATION.sms_hook_secret)


@cache
def _key(text: str) -> bytes:
    try:
        if not text.startswith(PREFIX):
            raise ValueError
        return secret_key(text)
    except ValueError:
        raise BadInput(
            "the secret that signs messages to telephones is none",
            field="EQUIPOISE_SMS_HOOK_SECRET",
            mend="give `whsec_` and the base64 of 16 random bytes or more",
        ) from None
