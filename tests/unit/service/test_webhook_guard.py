"""Which addresses webhooks may go to. The lists are the well-known tricks, written down by hand."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.service.platform.webhooks.guard import Allowed, Forbidden, is_public, target

NOTHING = Allowed()

NOT_PUBLIC = [
    "0.0.0.0",  # noqa: S104 - refused
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",  # carrier-grade NAT
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",  # where clouds keep credentials
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",  # another cloud's
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",  # IPv4-compatible
    "::ffff:127.0.0.1",  # IPv4-mapped
    "::ffff:10.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",  # NAT64
    "64:ff9b:1::a00:1",
    "100::1",
    "2001::1",  # Teredo
    "2001:10::1",
    "2001:db8::1",
    "2002:7f00:1::",  # 6to4 around 127.0.0.1
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]
PUBLIC = ["1.1.1.1", "8.8.8.8", "93.184.216.34", "172.32.0.1", "2606:4700::1111", "2a00:1450::1"]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_what_is_no_host_on_the_internet_is_refused(address: str) -> None:
    assert not is_public(ip_address(address))
    assert not NOTHING.reach("example.com", address)
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(Forbidden):
        target(f"https://{host}/", NOTHING)


@pytest.mark.parametrize("address", PUBLIC)
def test_hosts_on_the_internet_are_reached(address: str) -> None:
    assert is_public(ip_address(address))
    host = f"[{address}]" if ":" in address else address
    assert target(f"https://{host}/x", NOTHING).host == address


@given(st.ip_addresses())
def test_nothing_that_python_calls_special_is_called_public(address: object) -> None:
    special = ("is_private", "is_loopback", "is_link_local", "is_multicast", "is_unspecified",
               "is_reserved")  # fmt: skip
    if is_public(address):  # type: ignore[arg-type]
        assert not any(getattr(address, name) for name in special)


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",  # 127.0.0.1 as one number
        "0x7f000001",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "127.1",
        "127.0.1",
        "017700000001",
        "127.0.0.1.",
        "example.com.",
        "a..b",
        "-a.example",
        "[::1%25eth0]",
        "[1.2.3.4]",
        "①②⑦.0.0.1",
        "exa mple.com",
        "example。com",
        "",
        "x" * 64 + ".com",
        "%31%32%37.0.0.1",
    ],
)
def test_spellings_that_could_mean_something_else_are_refused(host: str) -> None:
    with pytest.raises(Forbidden):
        target(f"https://{host}/", NOTHING)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://example.com/",
        "//example.com/",
        "example.com",
        "javascript:alert(1)",
        "https://user@example.com/",
        "https://user:password@example.com/",
        "https://example.com@127.0.0.1/",
        "https://@example.com/",
        "https://example.com:8443/",
        "https://example.com:80/",
        "https://example.com:0/",
        "https://example.com:/",
        "https://example.com:99999/",
        "https://example.com:44a/",
        "https://example.com/#part",
        "https://example.com/#",
        "https://example.com\\@127.0.0.1/",
        "https://example.com/\r\nX-Evil: 1",
        "https://example.com/\t",
        " https://example.com/",
        "https://example.com/é",
        "https://[::1/",
        "https://example.com/" + "x" * 2000,
        "",
    ],
)
def test_addresses_of_another_kind_are_refused(url: str) -> None:
    with pytest.raises(Forbidden) as refusal:
        target(url, NOTHING)
    assert refusal.value.field == "url"


def test_a_plain_address_keeps_its_path_and_query() -> None:
    result = target("https://Hooks.Example.com/a/b?c=d", NOTHING)
    assert (result.secure, result.host, result.port, result.path) == (
        True,
        "hooks.example.com",
        443,
        "/a/b?c=d",
    )
    assert target("https://example.com", NOTHING).path == "/"
    assert target("https://example.com:443/", NOTHING).port == 443


def test_what_the_operator_names_may_be_private_plain_and_on_any_port() -> None:
    allowed = Allowed.read(["hooks.internal", "10.1.0.0/16", "127.0.0.1"])
    assert target("http://hooks.internal:8080/x", allowed).port == 8080
    assert target("http://10.1.2.3:9000/", allowed).host == "10.1.2.3"
    assert target("http://127.0.0.1/", allowed).port == 80
    for address in ("192.168.7.7", "127.0.0.1", "::1", "fd12::1", "8.8.8.8"):
        assert allowed.reach("hooks.internal", address)
    assert allowed.reach("elsewhere.example", "10.1.2.3")
    for url in ("http://10.2.0.1/", "http://other.internal/", "https://x.hooks.internal:8443/"):
        with pytest.raises(Forbidden):
            target(url, allowed)
    assert not allowed.reach("elsewhere.example", "10.2.0.1")
    assert not allowed.reach("elsewhere.example", "192.168.7.7")


def test_a_named_host_still_does_not_lead_to_a_clouds_credentials() -> None:
    allowed = Allowed.read(["hooks.internal"])
    for address in (
        "169.254.169.254",
        "192.0.0.192",
        "fd00:ec2::254",
        "fe80::1",
        "224.0.0.1",
        "0.0.0.1",
        "::",
        "none",
    ):
        assert not allowed.reach("hooks.internal", address)


@pytest.mark.parametrize("entry", ["10.1.0.0/99", "10.1.0.1/16", "a b", "http://x", "*", ""])
def test_an_allowance_that_cannot_be_read_is_refused(entry: str) -> None:
    with pytest.raises(ValueError, match="no host name and no network"):
        Allowed.read([entry])


@given(st.text(max_size=60))
def test_any_text_is_refused_or_leads_somewhere_plain(text: str) -> None:
    for url in (text, f"https://{text}", f"https://example.com/{text}"):
        try:
            result = target(url, NOTHING)
        except Forbidden:
            continue
        assert result.secure
        assert result.port == 443
        assert result.path.isascii()
        assert result.path.startswith(("/", "?"))
