"""Which addresses may be reached: the public internet, and what the operator has allowed.

An address is checked twice. Its text, when it is entered: one plain spelling, https, port 443. And
the numbers its name resolves to, each time something is sent: they are what is connected to, so a
name that means something else a moment later changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from equipoise.errors import BadInput

Address = IPv4Address | IPv6Address
LONGEST = 2000
_VISIBLE = re.compile(r"[!-\[\]-~]+")  # visible ASCII without the backslash
_NAME = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*"
)
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")  # what a resolver would read as part of an address

# IANA's special-purpose registries, by what is not one host on the public internet.
_NOT_PUBLIC_4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
# Of IPv6 only what is handed out counts: that leaves out ::1, mapped and NAT64 addresses (which
# mean IPv4 ones), unique-local, link-local, site-local and multicast ones.
_HANDED_OUT_6 = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = tuple(
    IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)

# Where a host that the operator names may be: a private network, not where clouds keep credentials.
_INSIDE = tuple(
    ip_network(text)
    for text in (
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "::1/128",
        "fc00::/7",
    )
)
_CREDENTIALS_6 = IPv6Network("fd00:ec2::/32")


class Forbidden(BadInput):
    """An address that nothing may be sent to."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where to send: `host` as it stands in the address and in the certificate; `path` with its
    query."""

    secure: bool
    host: str
    port: int
    path: str


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the operator allows beyond the public internet: hosts by name, and networks."""

    names: frozenset[str] = frozenset()
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def read(cls, entries: Iterable[str]) -> Allowed:
        """From names, addresses and networks. Raises ValueError where one is none of these."""
        names, networks = set(), []
        for entry in entries:
            try:
                networks.append(ip_network(entry))
            except ValueError:
                if not _is_name(entry.lower()):
                    raise ValueError(f"'{entry}' is no host name and no network") from None
                names.add(entry.lower())
        return cls(frozenset(names), tuple(networks))

    def host(self, host: str) -> bool:
        """Whether this host, by name or as a literal address, is allowed by itself."""
        literal = _literal(host)
        return host in self.names if literal is None else self._holds(literal)

    def reach(self, host: str, address: str) -> bool:
        """Whether what is meant for `host` may go to this address."""
        literal = _literal(address)
        if literal is None:
            return False
        if is_public(literal) or self._holds(literal):
            return True
        return host in self.names and _is_inside(literal)

    def _holds(self, address: Address) -> bool:
        return any(address in network for network in self.networks)


def is_public(address: Address) -> bool:
    """Whether it is one host on the public internet."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_4)
    if address.scope_id is not None or address not in _HANDED_OUT_6:
        return False
    return not any(address in network for network in _NOT_PUBLIC_6)


def _is_inside(address: Address) -> bool:
    return any(address in network for network in _INSIDE) and address not in _CREDENTIALS_6


def target(url: str, allowed: Allowed) -> Target:
    """Where an address leads, as far as its text tells. Raises Forbidden, saying why."""
    parts, port = _split(url)
    host = (parts.hostname or "").lower()
    literal = _literal(host)
    if literal is None and not _is_name(host):
        raise _no("the host is spelled in a way that can mean several things", "write its name")
    if parts.scheme not in ("https", "http"):
        raise _no("the address must begin with https://")
    named = allowed.host(host)
    if not named and parts.scheme != "https":
        raise _no("the address must begin with https://", _allow(host))
    if literal is not None and not allowed.reach(host, host):
        raise _no("the address is on a private network", _allow(host))
    secure = parts.scheme == "https"
    usual = 443 if secure else 80
    if port not in (None, usual) and not named:
        raise _no(f"the port must be {usual}", _allow(host))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(secure, host, port or usual, path)


def _split(url: str) -> tuple[SplitResult, int | None]:
    if len(url) > LONGEST or not _VISIBLE.fullmatch(url):
        raise _no("the address holds what no address holds", "percent-encode it")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _no("this is no address") from None
    if "@" in parts.netloc:
        raise _no("a user or password stands in the address", "the signature says who sends")
    if port == 0 or parts.netloc.endswith(":"):
        raise _no("the port is none")
    if parts.fragment or url.endswith("#"):
        raise _no("the address has a part after #, which is not sent", "leave it out")
    return parts, port


def _is_name(host: str) -> bool:
    return bool(_NAME.fullmatch(host)) and not _NUMBER.fullmatch(host.rsplit(".", 1)[-1])


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _allow(host: str) -> str:
    return f"or name {host} in EQUIPOISE_WEBHOOK_PRIVATE" if len(host) < 100 else ""


def _no(message: str, mend: str = "") -> Forbidden:
    return Forbidden(message, field="url", mend=mend)
