"""What the helper says beside approved texts."""

from __future__ import annotations

from equipoise.helper.replies import Why
from equipoise.helper.urgent import Topic
from equipoise.texts.saying import marked, say

_PERSON = {
    Why.MEANT: marked("A person takes this over. They see what was said here."),
    Why.MISSING: marked("I do not have that for your application. A person will answer you."),
    Why.LONG: marked("Thank you for writing in such detail. A person will read all of it."),
}
# Of coercion nothing is said: whoever coerces may be reading along.
_URGENT = {
    Topic.SELF_HARM: marked(
        "You are not alone with this, and a person will read it first. "
        "If your life is in danger now, please call the emergency number."
    ),
    Topic.DEATH: marked("We are very sorry. A person takes this over and will contact you."),
    Topic.JOB_LOSS: marked("Thank you for telling us. A person will look for a way with you."),
    Topic.CANNOT_PAY: marked("Thank you for telling us. A person will look for a way with you."),
}


def urgent(topic: Topic, language: str) -> str:
    """What somebody reads whose message a person must see at once."""
    return say(_URGENT.get(topic, _PERSON[Why.MEANT]), language)


def person(why: Why, language: str) -> str:
    """What somebody reads whom a person takes over."""
    return say(_PERSON[why], language)


def menu(language: str) -> str:
    """What stands above the choice of three."""
    return say("Is it one of these?", language)
