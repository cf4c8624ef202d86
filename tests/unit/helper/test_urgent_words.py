"""What a person must see at once is raised, however it is written."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from equipoise.helper.opening import our_alarms
from equipoise.helper.phrases import Phrases, fault_in
from equipoise.helper.urgent import Topic, UrgentWords

ALARMS = our_alarms()


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("I LOST MY JOB", Topic.JOB_LOSS),
        ("i’ve lost my second job", Topic.JOB_LOSS),
        ("我失业了", Topic.JOB_LOSS),
        ("我被公司上个月裁了", Topic.JOB_LOSS),
        ("my mother passed away", Topic.DEATH),
        ("我爸去世了", Topic.DEATH),
        ("I can’t pay any more", Topic.CANNOT_PAY),
        ("我还不上了", Topic.CANNOT_PAY),
        ("my brother forces me to sign", Topic.COERCION),
        ("家里人逼我贷款", Topic.COERCION),
        ("I want to kill myself", Topic.SELF_HARM),
        ("I keep thinking about ending my own life", Topic.SELF_HARM),
        ("taking my life would be easier", Topic.SELF_HARM),
        ("I started cutting myself", Topic.SELF_HARM),
        ("不如死了算了", Topic.SELF_HARM),
        ("I have arrears everywhere", Topic.CANNOT_PAY),
        ("I was let go in May", Topic.JOB_LOSS),
        ("我被炒了", Topic.JOB_LOSS),
        ("我不 想 活 了", Topic.SELF_HARM),
        ("ｓｕｉｃｉｄｅ", Topic.SELF_HARM),
        ("I w\u200bant to d\u00adie", Topic.SELF_HARM),
        ("I will see you in court", Topic.COURT),
        ("我要起诉", Topic.COURT),
        ("I am writing to the ombudsman", Topic.REGULATOR),
        ("我去银保监会", Topic.REGULATOR),
        ("我想kill myself", Topic.SELF_HARM),
    ],
)
def test_it_is_raised(text: str, topic: Topic) -> None:
    alarm = ALARMS.in_text(text)
    assert alarm is not None
    assert alarm.topic is topic


@pytest.mark.parametrize(
    "text",
    [
        "what documents do I need",
        "烦死我了，验证码收不到",
        "请打我电话",
        "I studied diet science",
        "can I end my loan before its life is over",
        "I will let you go on",
        "issued",
        "",
    ],
)
def test_what_only_looks_alike_is_not(text: str) -> None:
    assert ALARMS.in_text(text) is None


def test_the_gravest_comes_first() -> None:
    alarm = ALARMS.in_text("I lost my job, I cannot pay, and I want to die")
    assert alarm is not None
    assert (alarm.topic, alarm.words) == (Topic.SELF_HARM, "want to die")


def test_no_topic_can_be_left_without_words() -> None:
    with pytest.raises(ValidationError, match=r"no words for .*self_harm\.zh"):
        UrgentWords.model_validate({"format": 1, "topics": {"self_harm": {"en": ["suicide"]}}})


def test_phrases_have_gaps_endings_and_choices() -> None:
    phrases = Phrases({"en": ["lost .. (job|work)", "threat*"], "zh": ["丢..工作"]})
    assert phrases.first_in("we lost all our good work") == "lost all our good work"
    assert phrases.first_in("lost one two three four job") == ""
    assert phrases.first_in("threatening") == "threatening"
    assert phrases.first_in("上周丢了那份工作") == "丢了那份工作"
    assert phrases.first_in("jobs lost") == ""


@pytest.mark.parametrize(
    ("phrase", "fault"), [("..", "it names no word"), ("(a|b", "its brackets do not close")]
)
def test_a_phrase_that_cannot_be_looked_for_is_refused(phrase: str, fault: str) -> None:
    assert fault_in(phrase) == fault
