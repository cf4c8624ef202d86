"""What a question is answered with: a person, an approved text, or a choice of three."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

from equipoise.errors import BadInput, did_you_mean
from equipoise.helper import wording
from equipoise.helper.approved import SPOKEN, Approved, Kind, Text, language_among
from equipoise.helper.embedding import CHARACTERS, SENTENCES, Characters, MakeSpace
from equipoise.helper.matching import Matcher, Ranking
from equipoise.helper.phrases import Phrases
from equipoise.helper.plain import has_han, has_words, plain
from equipoise.helper.replies import (
    Answer,
    Chooser,
    HandOver,
    Menu,
    Option,
    Record,
    Reply,
    Reworder,
    Urgent,
    Why,
)
from equipoise.helper.urgent import Alarm, Alarms
from equipoise.texts.saying import speaking

MOST_CHARACTERS = 1000  # longer is a letter, and a letter is read by a person
_OFFERED, _CHOSEN_AMONG = 3, 5
# Of closeness, chosen as the margins are (docs/adr/0040): a hand-over that lies so little behind is
# meant more often than not. By characters all lie close together.
_NEARLY = {SENTENCES: 0.02}
_ENGLISH_FROM = 2  # Latin words from which on a question is taken as English on a Chinese page


@dataclass(frozen=True, slots=True)
class Reading:
    """How a question was read, before anything is answered."""

    language: str
    alarm: Alarm | None = None
    meant: str = ""  # the text whose phrases it holds
    ranking: Ranking | None = None  # None: nothing to compare, or not to be compared


class Helper:
    """Answers questions out of approved texts and the application's record; any thread may ask."""

    def __init__(
        self,
        texts: Approved,
        alarms: Alarms,
        *,
        by: str = CHARACTERS,
        make_space: MakeSpace = Characters,
        chooser: Chooser | None = None,
        reworder: Reworder | None = None,
    ) -> None:
        self.approved, self.by = texts, by
        self._alarms, self._make_space = alarms, make_space
        self._chooser, self._reworder = chooser, reworder
        self._languages = texts.languages()
        self._phrases = {name: Phrases(by) for name, by in texts.phrases().items()}
        self._matchers: dict[str, Matcher] = {}
        self._lock = threading.Lock()

    def reply(self, question: str, record: Record, language: str) -> Reply:
        """The reply to a question asked on a page in that language."""
        read = self.read(question, language)
        if read.alarm is not None:
            return Urgent(
                read.language,
                read.alarm.topic,
                read.alarm.words,
                wording.urgent(read.alarm.topic, read.language),
            )
        if len(question) > MOST_CHARACTERS:
            return HandOver(read.language, Why.LONG, wording.person(Why.LONG, read.language))
        if read.meant:
            return self._given(read.meant, record, read.language)
        if read.ranking is None:
            return self._menu(self.approved.starters, read.language)
        return self._by_ranking(question, read.ranking, record, read.language)

    def chosen(self, name: str, record: Record, language: str) -> Reply:
        """The reply to a choice from the menu. Raises BadInput for a name that no text has."""
        known = self.approved.texts
        language = language_among(language, self._languages)
        if name not in known or language not in known[name].words:
            mend = did_you_mean(name, known)
            raise BadInput(f"there is no text '{name[:40]}'", field="name", mend=mend)
        return self._given(name, record, language)

    def read(self, question: str, language: str) -> Reading:
        """Language, alarm and ranking of a question, as `reply` goes by."""
        spoken = self._language(question, language)
        alarm = self._alarms.in_text(question)
        if alarm is not None or len(question) > MOST_CHARACTERS or not has_words(question):
            return Reading(spoken, alarm)
        if meant := self._meant(question):
            return Reading(spoken, meant=meant)
        return Reading(spoken, ranking=self._matcher(spoken).ranked(question))

    def warm(self) -> None:
        """Compare with nothing yet, but be ready: the first question need not wait for it."""
        for language in self._languages:
            self._matcher(language)

    def margin(self, language: str) -> float:
        """From which margin on a text is given; infinite where none was ever chosen."""
        return self.approved.margins.get(self.by, {}).get(language, float("inf"))

    def _by_ranking(self, question: str, ranking: Ranking, record: Record, language: str) -> Reply:
        first = ranking.names[0]
        kind = self.approved.texts[first].kind
        if kind in SPOKEN and ranking.margin >= self.margin(language):
            return self._given(first, record, language)
        if person := self._nearly_a_person(ranking):
            return self._given(person, record, language)
        spoken = [name for name in ranking.names if self.approved.texts[name].kind in SPOKEN]
        chosen = self._choose(question, spoken[:_CHOSEN_AMONG], record, language)
        return chosen or self._menu(spoken, language)

    def _nearly_a_person(self, ranking: Ranking) -> str:
        """The hand-over that leads, or lies so little behind that it may well be meant."""
        for name, closeness in zip(ranking.names, ranking.closeness, strict=True):
            if ranking.closeness[0] - closeness > _NEARLY.get(self.by, 0.0):
                break
            if self.approved.texts[name].kind is Kind.HAND_OVER:
                return name
        return ""

    def _meant(self, question: str) -> str:
        read = plain(question)
        return next((name for name, each in self._phrases.items() if each.first_in(read)), "")

    def _choose(
        self, question: str, names: Sequence[str], record: Record, language: str
    ) -> Reply | None:
        if self._chooser is None:
            return None
        titles = {name: self._title(name, language) for name in names}
        choice = self._chooser.choose(question, titles, [*record.values()])
        if choice is None:
            return None
        reply = self._given(choice[0], record, language)
        return replace(reply, chosen_by=choice[1]) if isinstance(reply, Answer) else reply

    def _given(self, name: str, record: Record, language: str) -> Reply:
        text = self.approved.texts[name]
        if text.kind not in SPOKEN:
            return HandOver(language, Why.MEANT, wording.person(Why.MEANT, language), name)
        places = text.words[language].places()
        with speaking(language):
            known = {each: record.get(each, "") for each in places}
        missing = tuple(each for each, said in known.items() if not said.strip())
        if missing:
            return HandOver(
                language, Why.MISSING, wording.person(Why.MISSING, language), name, missing
            )
        answer = _answer(name, text, known, language)
        return answer if places else self._reworded(answer)

    def _reworded(self, answer: Answer) -> Answer:
        made = self._reworder.reword(answer.text) if self._reworder else None
        if made is None:
            return answer
        return replace(answer, text=made[0], original=answer.text, reworded_by=made[1])

    def _menu(self, names: Sequence[str], language: str) -> Menu:
        here = [name for name in names if language in self.approved.texts[name].words]
        options = (Option(name, self._title(name, language)) for name in here[:_OFFERED])
        return Menu(language, wording.menu(language), tuple(options))

    def _title(self, name: str, language: str) -> str:
        return self.approved.texts[name].words[language].title

    def _language(self, question: str, page: str) -> str:
        """The question's own where its script tells, the page's otherwise."""
        wanted = language_among(page, self._languages)
        if has_han(question):
            wanted = "zh"
        elif wanted == "zh" and sum(word.isascii() for word in question.split()) >= _ENGLISH_FROM:
            wanted = "en"
        return language_among(wanted, self._languages)

    def _matcher(self, language: str) -> Matcher:
        with self._lock:
            if language not in self._matchers:
                examples = self.approved.examples(language)
                self._matchers[language] = Matcher(examples, self._make_space)
            return self._matchers[language]


def _answer(name: str, text: Text, fields: Record, language: str) -> Answer:
    words = text.words[language]
    return Answer(
        language,
        name,
        text.version,
        text.digest(language),
        words.title,
        words.text.format_map(fields),
        tuple(fields.items()),
    )
