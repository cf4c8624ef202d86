"""Versions with their sealed files, by digest."""

from __future__ import annotations

from dataclasses import dataclass

from equipoise.service.contexts.registry.models import Version


class Unregistered(LookupError):
    """No version has that digest, or that number."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A version as it was handed in: its strategy's name, its digest, the sealed file."""

    strategy: str
    digest: str
    content: bytes


def registered(digest: str) -> Registered:
    """The version of that digest, wherever it stands by now: an application goes on with the
    strategy that began it, and a past decision is replayed with its own. Raises Unregistered."""
    version = Version.objects.filter(digest=digest).order_by("id").first()
    if version is None:
        raise Unregistered(digest)
    return with_file(version)


def with_file(version: Version) -> Registered:
    """The row of a version as others know it."""
    return Registered(version.strategy, version.digest, bytes(version.content))
