"""Signatures by the published example, and the waits between tries."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.service.platform.webhooks import backoff, signing

# The example of the Standard Webhooks specification's own libraries.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - published
MESSAGE, AT, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_signature_is_that_of_the_specification() -> None:
    key = signing.secret_key(SECRET)
    assert signing.signature(key, MESSAGE, AT, BODY) == SIGNATURE
    assert signing.secret_text(key) == SECRET


@pytest.mark.parametrize("text", ["", "whsec_", "whsec_AAAA", "whsec_" + "AA" * 9 + "=="])
def test_a_secret_of_too_few_bytes_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"make a\s+new one|padding"):
        signing.secret_key(text)


@pytest.mark.parametrize("keys", [[], [b""], [b"k" * 32, b""], [b"k" * 15]])
def test_nothing_is_signed_with_an_empty_key(keys: list[bytes]) -> None:
    with pytest.raises(ValueError, match="key"):
        signing.headers(keys, MESSAGE, AT, BODY)


def test_two_secrets_in_force_give_two_signatures() -> None:
    keys = [signing.secret_key(SECRET), b"k" * 32]
    sent = signing.headers(keys, MESSAGE, AT, BODY)
    assert sent["webhook-id"] == MESSAGE
    assert sent["webhook-timestamp"] == str(AT)
    first, second = sent["webhook-signature"].split(" ")
    assert first == SIGNATURE
    assert second.startswith("v1,")
    assert second != first


@pytest.mark.parametrize("changed", [{"message": "msg_x"}, {"timestamp": AT + 1}, {"body": b"{}"}])
def test_whatever_is_changed_changes_the_signature(changed: dict[str, object]) -> None:
    given = {"message": MESSAGE, "timestamp": AT, "body": BODY, **changed}
    assert signing.signature(signing.secret_key(SECRET), **given) != SIGNATURE  # type: ignore[arg-type]


def test_waits_grow_and_end_after_three_days() -> None:
    waits = [backoff.wait(tries) for tries in range(1, backoff.MOST_TRIES + 1)]
    assert waits[:3] == [5, 15, 45]
    assert waits[-1] is None
    known = [wait for wait in waits if wait is not None]
    assert known == sorted(known)
    assert 3 * 86_400 < sum(known) < 3.5 * 86_400


@given(st.integers(1, 10_000))
def test_an_address_is_never_left_alone_for_long(failures: int) -> None:
    assert 1 <= backoff.rest(failures) <= 300


@given(st.floats(0.1, 1e6), st.floats(0, 1))
def test_jitter_is_bounded(seconds: float, chance: float) -> None:
    assert 0.8 * seconds <= backoff.jittered(seconds, chance) * (1 + 1e-9)
    assert backoff.jittered(seconds, chance) <= 1.2 * seconds * (1 + 1e-9)


def test_the_how_to_holds_the_waits_as_they_are() -> None:
    text = (Path(__file__).parents[3] / "docs/howto/receive-webhooks.md").read_text()
    assert backoff.table() in text
    assert re.search(rf"\b{signing.WINDOW} seconds\b", text)
