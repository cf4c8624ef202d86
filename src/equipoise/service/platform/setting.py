"""How a setting's text is read: each reader raises ValueError, saying what to write instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_LEAST_SECRET = 16
_MOST_DAYS = 3650
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: how it is read, and what a person needs to know of it."""

    name: str
    read: Callable[[str], Any]
    default: str
    meaning: str
    secret: bool = False


def yes(text: str) -> bool:
    if text.lower() not in _TRUE | _FALSE:
        raise ValueError("say yes or no")
    return text.lower() in _TRUE


def names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def positive(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise ValueError("give a number above zero")
    return number


KINDS_OF_WORK = ("referred", "signature", "review", "complaint", "condition", "answer")
"""What a person's time is promised for, each by itself."""


def hours_by_kind(text: str) -> Mapping[str, float]:
    """Such as `signature=4, review=24`."""
    by_kind: dict[str, float] = {}
    for part in filter(None, map(str.strip, text.split(","))):
        kind, sign, hours = (each.strip() for each in part.partition("="))
        if not sign or kind not in KINDS_OF_WORK or kind in by_kind:
            raise ValueError(f"write kind=hours, each once, of {', '.join(KINDS_OF_WORK)}")
        by_kind[kind] = positive(hours)
    return by_kind


def count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError("give a whole number above zero")
    return number


def address(text: str) -> tuple[str, int] | None:
    if not text:
        return None
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError("write host:port, such as 127.0.0.1:8001")
    return host.strip("[]"), int(port)


def scanner(text: str) -> str:
    if text and not text.startswith("/"):
        address(text)
    return text


def days(text: str) -> int:
    number = count(text)
    if number > _MOST_DAYS:
        raise ValueError(f"give {_MOST_DAYS} days at most")
    return number


def page_address(text: str) -> str:
    parts = urlsplit(text)
    if text and not (parts.scheme in ("http", "https") and parts.hostname):
        raise ValueError("write it as https://apply.example.com")
    if parts.query or parts.fragment or parts.username:
        raise ValueError("nothing may stand behind its path, and no user before its host")
    return text.rstrip("/")


def mail_url(text: str) -> str:
    parts = urlsplit(text)
    if text and not (parts.scheme in ("smtp", "smtps") and parts.hostname):
        raise ValueError("write it as smtp://user:password@host:587")
    return text


def messages(text: str) -> str:
    if text not in ("send", "keep"):
        raise ValueError("say send or keep")
    return text


def days_or_none(text: str) -> int | None:
    return days(text) if text else None


def law(text: str) -> str | Path:
    if not text:
        return ""
    from equipoise.jurisdiction import pack, shipped_packs  # documents are large to load

    if text in shipped_packs():
        return text
    if not text.endswith((".yaml", ".yml")):
        raise ValueError(f"say {', '.join(shipped_packs())}, or name a file that ends with .yaml")
    pack(Path(text), on=date.today())
    return Path(text)


def helper(text: str) -> str:
    if text not in ("", "sentences", "characters"):
        raise ValueError("say sentences or characters")
    return text


def secret(text: str) -> str:
    """A secret as given; the default alone is empty."""
    if text and len(text.strip()) < _LEAST_SECRET:
        raise ValueError(f"it is shorter than {_LEAST_SECRET} characters")
    return text


def client_secret(text: str) -> str:
    if text and not text.strip():
        raise ValueError("it is blank")
    return text
