"""Where a request comes from: its address, and its browser in a few words."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest

# The first that is named tells: browsers also name those that they want to be taken for.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def browser_of(agent: str) -> str:
    """`Firefox on Linux`, from what the browser says of itself; its words are not kept."""
    browser = next((name for sign, name in _BROWSERS if sign in agent), "A browser")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    return f"{browser} on {system}" if system else browser


def address_of(request: HttpRequest) -> str:
    """The caller's address as far as one person may have it: IPv4 whole, of IPv6 the network.
    Empty where it cannot be known; behind a proxy it is the one that the proxy tells."""
    from allauth.core.internal.ratelimit import get_ip

    try:
        return str(get_ip(request))
    except (PermissionDenied, ImproperlyConfigured):
        return ""
