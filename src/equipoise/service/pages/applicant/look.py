"""How a person likes to see pages: larger, clearer, dark or light, with more or less room, and
offers in which order. A cookie of their browser's keeps it; where it says nothing, the browser's
own settings hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from equipoise.texts.saying import marked

COOKIE = "equipoise-look"
_YEAR = 31_536_000  # seconds


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be chosen: `options` are a name and its words, the first is how pages are
    where nothing was chosen."""

    name: str
    title: str
    options: tuple[tuple[str, str], ...]

    def chosen(self, among: Mapping[str, str]) -> str:
        """The option's name in what was sent; the first where it is none of them."""
        given, first = among.get(self.name, ""), self.options[0][0]
        return given if given in dict(self.options) else first


LOOKS = (
    Choice(
        "size",
        marked("Size of the text"),
        (
            ("size-usual", marked("As usual")),
            ("size-larger", marked("Larger")),
            ("size-largest", marked("Largest")),
        ),
    ),
    Choice(
        "contrast",
        marked("Contrast"),
        (("contrast-browser", marked("As my browser says")), ("contrast-more", marked("More"))),
    ),
    Choice(
        "light",
        marked("Light or dark"),
        (
            ("light-browser", marked("As my browser says")),
            ("light-light", marked("Light")),
            ("light-dark", marked("Dark")),
        ),
    ),
    Choice(
        "room",
        marked("Room between lines"),
        (
            ("room-usual", marked("As usual")),
            ("room-more", marked("More room")),
            ("room-less", marked("Less room")),
        ),
    ),
)


ORDER = Choice(
    "order",
    marked("Order of offers"),
    (
        ("order-asked", marked("What I asked for first")),
        ("order-instalment", marked("Lowest instalment first")),
        ("order-paid", marked("Least to pay back in all first")),
        ("order-amount", marked("Largest amount first")),
    ),
)
CHOICES = (*LOOKS, ORDER)


def look(request: HttpRequest) -> tuple[str, ...]:
    """What was chosen, by the names of the options."""
    named = request.COOKIES.get(COOKIE, "")[:200].split(".")
    return chosen_of({each.partition("-")[0]: each for each in named})


def classes(request: HttpRequest) -> str:
    """What was chosen other than how pages are anyway, as the classes of the page."""
    changes = {name for choice in LOOKS for name, _ in choice.options[1:]}
    return " ".join(each for each in look(request) if each in changes)


def order(request: HttpRequest) -> str:
    """In which order they see offers, by the name of the option."""
    return look(request)[-1]


def chosen_of(given: Mapping[str, str]) -> tuple[str, ...]:
    """One option of each choice."""
    return tuple(choice.chosen(given) for choice in CHOICES)


def keep(response: HttpResponse, given: Mapping[str, str]) -> HttpResponse:
    """Have this browser be shown pages like that from now on."""
    text = ".".join(chosen_of(given))
    response.set_cookie(COOKIE, text, max_age=_YEAR, httponly=True, samesite="Lax")
    return response
