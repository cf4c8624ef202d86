"""Addresses that are told what happens, and the log of what they were told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from .paging import listed
from .reading import read
from .results import Delivery, Webhook
from .transport import Transport


class Webhooks:
    """Needs the scope webhooks.manage. Secrets are shown once: keep them where they are safe."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self) -> Iterator[Webhook]:
        """The addresses of this program."""
        return listed(self._transport, Webhook, "/v1/webhooks")

    def make(self, url: str, events: Sequence[str], name: str = "") -> tuple[Webhook, str]:
        """Tell an address from now on; it and its secret."""
        body = {"url": url, "events": [*events], "name": name}
        answer = self._transport.ask("POST", "/v1/webhooks", body, again=False).json
        return read(Webhook, answer), str(answer["secret"])

    def get(self, webhook_id: str) -> Webhook:
        """One address."""
        return read(Webhook, self._transport.ask("GET", _path(webhook_id)).json)

    def change(self, webhook_id: str, **to: Any) -> Webhook:
        """Change its url, events, name, or whether it is active."""
        return read(Webhook, self._transport.ask("PATCH", _path(webhook_id), to).json)

    def remove(self, webhook_id: str) -> None:
        """Remove it, with its secrets and its log."""
        self._transport.ask("DELETE", _path(webhook_id), again=False)

    def rotate(self, webhook_id: str, overlap_hours: float = 24) -> str:
        """A new secret; until the overlap is over messages are signed by both."""
        body = {"overlap_hours": overlap_hours}
        answer = self._transport.ask("POST", _path(webhook_id, "/rotate"), body, again=False).json
        return str(answer["secret"])

    def ping(self, webhook_id: str) -> Webhook:
        """Have `webhook.ping` sent to it."""
        return read(
            Webhook, self._transport.ask("POST", _path(webhook_id, "/ping"), again=False).json
        )

    def deliveries(self, webhook_id: str, state: str = "") -> Iterator[Delivery]:
        """What was sent and is to be sent, newest first."""
        path = _path(webhook_id, "/deliveries")
        return listed(self._transport, Delivery, path, {"state": state})

    def replay(self, delivery_id: str) -> Delivery:
        """Send it again, now, under the same id."""
        path = f"/v1/webhooks/deliveries/{quote(delivery_id, safe='')}/replay"
        return read(Delivery, self._transport.ask("POST", path).json)


def _path(webhook_id: str, rest: str = "") -> str:
    return f"/v1/webhooks/{quote(webhook_id, safe='')}{rest}"
