"""Signatures of webhooks, held against the service's own and the specification's example."""

from __future__ import annotations

import pytest

from equipoise.client import is_genuine
from equipoise.service.webhooks import signing

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
