"""Signatures of webhooks, held against the service's own and the specification's example."""

from __future__ import annotations

import base64
import hmac
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.client import Client, is_genuine
from equipoise.service.platform.webhooks import signing

# https://github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md
SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"  # noqa: S105 - published
BODY = b'{"test": 2432232314}'
NOW = 1_674_087_231
HEADERS = signing.headers(
    [signing.secret_key(SECRET)], "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk", NOW, BODY
)


def test_what_the_service_signs_is_genuine_for_a_while() -> None:
    assert is_genuine(SECRET, HEADERS, BODY, now=NOW + 299)
    assert not is_genuine(SECRET, HEADERS, BODY, now=NOW + 301)
    assert not is_genuine(SECRET, HEADERS, BODY)


def test_headers_may_be_written_in_any_case() -> None:
    assert is_genuine(SECRET, {n.title(): v for n, v in HEADERS.items()}, BODY, now=NOW)


@pytest.mark.parametrize(
    "changed",
    [
        {"webhook-id": "msg_other"},
        {"webhook-timestamp": str(NOW + 1)},
        {"webhook-timestamp": "now"},
        {"webhook-timestamp": ""},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,ü"},
        {"webhook-signature": "v2," + HEADERS["webhook-signature"][3:]},
    ],
)
def test_anything_changed_is_not(changed: dict[str, str]) -> None:
    assert not is_genuine(SECRET, {**HEADERS, **changed}, BODY, now=NOW)


def test_another_body_is_not() -> None:
    assert not is_genuine(SECRET, HEADERS, BODY + b" ", now=NOW)


def test_one_good_signature_among_several_is_enough() -> None:
    both = f"v1,AAAA {HEADERS['webhook-signature']}"
    assert is_genuine(SECRET, {**HEADERS, "webhook-signature": both}, BODY, now=NOW)


def forged(key: bytes) -> dict[str, str]:
    """The headers of somebody who guesses the key."""
    signed = hmac.digest(key, f"msg_1.{NOW}.".encode() + BODY, "sha256")
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(NOW),
        "webhook-signature": "v1," + base64.b64encode(signed).decode(),
    }


@pytest.mark.parametrize(
    "secret",
    ["", "whsec_", "whsec_ ", " ", "whsec_AAAA", "whsec_" + base64.b64encode(b"k" * 15).decode(),
     "not base64!", "whsec_é", None, b"whsec_"],
)  # fmt: skip
def test_a_secret_that_is_none_is_refused_whatever_came(secret: Any) -> None:
    for headers in (forged(b""), forged(b"k" * 15), HEADERS, {}):
        with pytest.raises(ValueError, match="secret"):
            is_genuine(secret, headers, BODY, now=NOW)


def test_sixteen_bytes_are_enough() -> None:
    key = b"k" * 16
    secret = "whsec_" + base64.b64encode(key).decode()
    assert is_genuine(secret, forged(key), BODY, now=NOW)


@pytest.mark.parametrize(
    "sent_at",
    ["9" * 5000, "0" * 5000 + str(NOW), "-1", f"-{NOW}", "nan", "inf", "1e9", f"{NOW}.0", f" {NOW}",
     f"{NOW}\n", "".join(chr(0xFF10 + int(each)) for each in str(NOW)), "١٦٧٤٠٨٧٢٣١", "²", None,
     NOW, [str(NOW)]],
)  # fmt: skip
def test_an_absurd_time_is_not_genuine(sent_at: Any) -> None:
    assert is_genuine(SECRET, {**HEADERS, "webhook-timestamp": sent_at}, BODY, now=NOW) is False


@pytest.mark.parametrize("now", [float("nan"), float("inf"), float("-inf")])
def test_a_clock_that_is_no_number_lets_nothing_through(now: float) -> None:
    assert not is_genuine(SECRET, HEADERS, BODY, now=now)


@pytest.mark.parametrize(
    "signature",
    ["v1," * 100_000, " " * 100_000, "v1,\udcff", "v1", "v1,", "é" * 1000, "\x00", None, 7,
     HEADERS["webhook-signature"].upper(), HEADERS["webhook-signature"] + "é"],
)  # fmt: skip
def test_an_absurd_signature_is_not_genuine(signature: Any) -> None:
    assert is_genuine(SECRET, {**HEADERS, "webhook-signature": signature}, BODY, now=NOW) is False


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_that_is_absent_or_given_twice_is_not_genuine(name: str) -> None:
    less = {each: value for each, value in HEADERS.items() if each != name}
    assert not is_genuine(SECRET, less, BODY, now=NOW)
    assert not is_genuine(SECRET, {**HEADERS, name.title(): HEADERS[name]}, BODY, now=NOW)


def test_a_body_of_blanks_is_judged_as_any_other() -> None:
    assert not is_genuine(SECRET, HEADERS, b" " * 20_000_000, now=NOW)


@given(st.dictionaries(st.sampled_from([*HEADERS, "x"]), st.text()), st.binary())
def test_whatever_a_stranger_sends_the_answer_is_no(headers: dict[str, str], body: bytes) -> None:
    assert is_genuine(SECRET, headers, body, now=NOW) is False


@pytest.mark.parametrize("key", ["", " ", "eqp_1\n", "eqp 1", "ключ", None])
def test_a_client_without_a_key_is_refused_at_once(key: Any) -> None:
    with pytest.raises(ValueError, match="API key"):
        Client("https://lender.example", key)
