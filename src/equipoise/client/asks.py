"""What applicants are asked by a person who decides, of applications that a program sent."""

from __future__ import annotations

from urllib.parse import quote

from .reading import read
from .results import Ask
from .transport import Transport


class Asks:
    """Needs the scope decisions.read to list, and decisions.create to answer."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, application_id: str) -> tuple[Ask, ...]:
        """All that the applicant was asked, the first first."""
        where = f"/v1/applications/{quote(application_id, safe='')}/asks"
        return tuple(read(Ask, each) for each in self._transport.ask("GET", where).json)

    def answer(self, ask_id: str, value: bool | float | str, channel: str = "program") -> Ask:
        """Say what the applicant answered, and over what: a date as text such as 2030-01-31."""
        body = {"value": value, "channel": channel}
        where = f"/v1/asks/{quote(ask_id, safe='')}/answers"
        return read(Ask, self._transport.ask("POST", where, body, again=False).json)
