"""What others may know of strategies: which are in force, and a version by its digest."""

from __future__ import annotations

from dataclasses import dataclass

from equipoise.service.contexts.registry.models import Default, Pointer, Version


class Unregistered(LookupError):
    """No version has that digest."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A version as it was handed in: its strategy's name, its digest, the sealed file."""

    strategy: str
    digest: str
    content: bytes


def in_force() -> dict[str, str]:
    """The digest of the version in force, by strategy; the default strategy first."""
    default = Default.objects.values_list("strategy", flat=True).first()
    rows = Pointer.objects.order_by("strategy").values_list("strategy", "version__digest")
    return dict(sorted(rows, key=lambda row: row[0] != default))


def digests(strategy: str = "") -> list[str]:
    """Of every version there is or was; of one strategy alone where it is named."""
    rows = Version.objects.filter(**({"strategy": strategy} if strategy else {}))
    return list(rows.order_by("digest").values_list("digest", flat=True).distinct())


def registered(digest: str) -> Registered:
    """The version of that digest, wherever it stands by now: an application goes on with the
    strategy that began it, and a past decision is replayed with its own. Raises Unregistered."""
    version = Version.objects.filter(digest=digest).order_by("id").first()
    if version is None:
        raise Unregistered(digest)
    return Registered(version.strategy, version.digest, bytes(version.content))
