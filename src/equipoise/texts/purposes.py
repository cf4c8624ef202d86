"""For which purposes a person's facts are used, each with a version of what they read and agree to.

Whoever changes a text gives it the next version: what somebody agreed to is known by it.
"""

from __future__ import annotations

from dataclasses import dataclass

from equipoise.texts.saying import marked


@dataclass(frozen=True, slots=True)
class Purpose:
    """A purpose, what is asked for it, whether there can be an answer without it, what follows once
    somebody takes back what they agreed to, and whether it is asked where the person says how they
    are reached, so that who leaves early is asked too."""

    name: str
    version: int
    title: str
    text: str
    needed: bool
    without: str
    with_contact: bool = False


_NO_ANSWER = marked(
    "Without this there is no answer: nothing can be sent. Once it is sent this cannot be taken"
    " back, and you can ask us to erase what we hold."
)
PURPOSES = (
    Purpose(
        "decision",
        1,
        marked("To decide on your application"),
        marked(
            "We use the answers you give here to decide on this application, partly by a program."
            " You can always ask that a person looks at it again."
        ),
        needed=True,
        without=_NO_ANSWER,
    ),
    Purpose(
        "sources",
        1,
        marked("To ask those who know your credit history"),
        marked(
            "We ask a credit bureau, and our own records, what they know of your loans and"
            " payments. Without that we cannot decide."
        ),
        needed=True,
        without=_NO_ANSWER,
    ),
    Purpose(
        "asking_back",
        2,
        marked("To ask you how it went"),
        marked(
            "We may write to you, once in thirty days at most, and ask how this went for you, also"
            " if you do not go on with it. Your answer changes nothing about your application."
        ),
        needed=False,
        without=marked(
            "If you take this back, we do not ask you how it went. Nothing else changes, and what"
            " you have said already stays."
        ),
        with_contact=True,
    ),
)
"""In the order in which they are asked."""


def purpose(name: str) -> Purpose:
    """The purpose of that name. Raises KeyError."""
    return {each.name: each for each in PURPOSES}[name]


def lacking(consents: dict[str, int]) -> list[Purpose]:
    """The purposes without which there is no answer, and that nobody agreed to in this version."""
    return [each for each in PURPOSES if each.needed and consents.get(each.name) != each.version]
