"""What the record may hold is told in sentences, in both languages, of its open part alone."""

from __future__ import annotations

import json
import string
from pathlib import Path
from typing import Any

import pytest
from event_shapes import every_type

from equipoise.record.chain import canonical
from equipoise.record.events import read_event
from equipoise.service.pages.auditor.sentences import SENTENCES, sentence_of
from equipoise.texts.saying import speaking

GOLDEN = Path(__file__).parents[1] / "record" / "golden" / "events.jsonl"
every_type()
LINES = [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]
TOLD = [each for each in LINES if each["kind"] in SENTENCES]


@pytest.mark.parametrize("line", TOLD, ids=lambda each: f"{each['kind']} {each['version']}")
def test_each_event_that_has_a_sentence_fills_it(line: dict[str, Any]) -> None:
    event = read_event(line["kind"], canonical(line["body"]))
    english = sentence_of(event)
    with speaking("zh"):
        chinese = sentence_of(event)
    if line["version"] == 1:
        assert english != line["kind"], "a place of its sentence is no field of it"
        assert chinese != english
    assert "{" not in english.replace("{}", "")


def test_every_sentence_is_of_a_kind_that_there_is() -> None:
    assert sorted(SENTENCES.keys() - {each["kind"] for each in LINES}) == []


def test_no_sentence_tells_what_is_sealed() -> None:
    """Sealed parts are mappings of ciphers: none is a place of a sentence."""
    sealed = {"words", "facts", "amount", "shown", "called", "made", "tables"}
    for kind, message in SENTENCES.items():
        places = {name for _, name, _, _ in string.Formatter().parse(message) if name}
        assert not places & sealed, kind
