"""A seal: one digest for one content, and no byte of it can be changed unseen."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from corner_lender import application, content, strategy
from hypothesis import given
from hypothesis import strategies as st

from equipoise.errors import BadInput
from equipoise.strategy.engine import Strategy, load_strategy
from equipoise.strategy.sealing import canonical, read_sealed, seal, unsealed

SEALED = seal(content())
RAW = SEALED.text().encode()


def test_the_same_content_has_the_same_digest():
    assert seal(content()).digest == SEALED.digest


def test_another_process_with_another_hash_seed_finds_the_same_digest():
    code = (
        f"import sys; sys.path[:0] = {sys.path!r};"
        "from corner_lender import content; from equipoise.strategy.sealing import seal;"
        "print(seal(content()).digest)"
    )
    for hash_seed in ("0", "12345"):
        ran = subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": hash_seed, "PATH": "", "NUMBA_NUM_THREADS": "1"},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert ran.stdout.strip() == SEALED.digest


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)  # fmt: skip
def test_canonical_text_does_not_depend_on_the_order_of_keys_and_reads_back(data):
    def turned(value):
        if isinstance(value, dict):
            return {key: turned(value[key]) for key in reversed(list(value))}
        return [turned(each) for each in value] if isinstance(value, list) else value

    try:
        text = canonical(data)
        text.encode()
    except UnicodeEncodeError:
        return  # half a surrogate pair is no text
    assert canonical(turned(data)) == text
    assert canonical(json.loads(text)) == text


@given(st.integers(0, len(RAW) - 1), st.integers(1, 255))
def test_any_byte_changed_is_refused(at, flip):
    altered = bytearray(RAW)
    altered[at] ^= flip
    with pytest.raises(BadInput):
        unsealed(bytes(altered))


@given(st.integers(0, len(RAW) - 1))
def test_a_seal_cut_short_is_refused(at):
    with pytest.raises(BadInput):
        unsealed(RAW[:at])


def test_a_content_that_was_sealed_again_after_a_change_has_another_digest():
    other = strategy(version=2)
    assert other.digest != SEALED.digest
    assert other.decide(application()).digest == other.digest


def test_a_sealed_file_decides_as_the_strategy_it_was_made_from(tmp_path: Path):
    path = tmp_path / "corner.json"
    SEALED.write(path)
    assert load_strategy(path).decide(application()) == Strategy(SEALED).decide(application())


def test_a_strategy_of_another_format_is_refused_with_a_mend():
    plain = {**content().plain(), "version": 99}
    text = canonical(plain)
    import hashlib

    digest = hashlib.sha256(text.encode()).hexdigest()
    with pytest.raises(BadInput) as refused:
        unsealed(f'{{"digest":"{digest}","sealed":{text}}}\n'.encode())
    assert refused.value.mend


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path):
    with pytest.raises(BadInput, match="cannot be read"):
        read_sealed(tmp_path / "none.json")
