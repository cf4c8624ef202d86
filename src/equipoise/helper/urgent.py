"""What a person must see at once: lists of words, matched before anything else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pydantic import field_validator

from equipoise.documents import Document
from equipoise.helper.phrases import Phrases
from equipoise.helper.plain import plain
from equipoise.texts.saying import our_languages

_MOST = 100_000  # characters looked through; a person reads whatever is longer


class Topic(StrEnum):
    """What is the matter, the gravest first."""

    SELF_HARM = "self_harm"
    COERCION = "coercion"
    DEATH = "death"
    JOB_LOSS = "job_loss"
    CANNOT_PAY = "cannot_pay"
    COURT = "court"
    REGULATOR = "regulator"


class UrgentWords(Document):
    """Phrases of each topic by language, as `Phrases` reads them."""

    format: int
    topics: dict[Topic, dict[str, tuple[str, ...]]]

    @field_validator("topics")
    @classmethod
    def _every_topic_has_words(
        cls, topics: dict[Topic, dict[str, tuple[str, ...]]]
    ) -> dict[Topic, dict[str, tuple[str, ...]]]:
        lacking = [
            f"{t}.{lang}"
            for t in Topic
            for lang in our_languages()
            if not topics.get(t, {}).get(lang)
        ]
        if lacking:
            raise ValueError(f"no words for {', '.join(lacking)}; a topic is never left out")
        return topics


@dataclass(frozen=True, slots=True)
class Alarm:
    """A topic, and the words of the message that raised it."""

    topic: Topic
    words: str


class Alarms:
    """The lists, compiled. All languages are looked for in every message."""

    def __init__(self, words: UrgentWords) -> None:
        self._phrases = {topic: Phrases(words.topics[topic]) for topic in Topic}

    def in_text(self, text: str) -> Alarm | None:
        """The gravest alarm that the text's first 100,000 characters raise."""
        read = plain(text[:_MOST])[:_MOST]
        for topic, phrases in self._phrases.items():
            if words := phrases.first_in(read):
                return Alarm(topic, words)
        return None
