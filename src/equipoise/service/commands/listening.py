"""The socket that the workers share, and how many connections there may be."""

from __future__ import annotations

import resource
import socket
import sys
from dataclasses import dataclass
from ipaddress import ip_address

from django.conf import settings

from equipoise.errors import BadInput
from equipoise.service.platform.record.nature import Nature, nature

BACKLOG = 4_096  # connections that wait to be taken up
_SENT = 512_000  # bytes of an answer that the kernel holds for who has not taken them
_MOST, _OWN = 10_000, 256  # connections of a process; files that it needs besides


@dataclass(frozen=True, slots=True)
class Address:
    """Where the service listens, and how it is reached from here."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """What to open."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


def listening(host: str, port: int, unread_seconds: float) -> socket.socket:
    """A socket that is bound and does not take connections yet.

    Who takes nothing of an answer for `unread_seconds` is cut off by the kernel, and meanwhile few
    of the answers they ask for are made: left alone, the kernel would hold megabytes for each.
    Connections take both over from the socket they came by.

    Raises BadInput where the address cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SENT)
    if sys.platform == "linux":
        milliseconds = int(unread_seconds * 1000)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)
    try:
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        listener.close()
        raise BadInput(
            f"cannot listen on {host}:{port}: {error}",
            field="--port",
            mend="choose another port, or --port 0 for any that is free",
        ) from None
    return listener


def stay_here(host: str) -> None:
    """Refuse to serve others from a service in which nobody is real: its log-ins and codes are
    known to whoever made it. Raises BadInput."""
    kind = nature()
    elsewhere = [each for each in (host, *settings.CONFIGURATION.hosts) if not _is_here(each)]
    if kind is not Nature.REAL and elsewhere:
        raise BadInput(
            f"this service was made as a {kind}, and answers on this machine alone: not as "
            f"{elsewhere[0]}",
            field="--host",
            mend="leave --host and EQUIPOISE_HOSTS as they are; real people need a service of "
            "their own",
        )


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def connections_at_most() -> int:
    """As many as this process may have open files, which are made as many as the system lets."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    limit = _MOST if hard == resource.RLIM_INFINITY else hard
    return max(64, min(_MOST, limit - _OWN))
