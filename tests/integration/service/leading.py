"""Which numbers of a page lead nowhere."""

from __future__ import annotations

import re
from typing import Any

from lxml import html as markup

NUMBER = re.compile(r"[−-]?\d[\d\u202f\u00a0 .,]*(?:\s?%)?")
# Days, quarters, digests, names with digits in them, and lengths of time that name something.
NO_NUMBERS = re.compile(
    r"\d{4}-\d\d(-\d\d)?( \d\d:\d\d)?|\d\d:\d\d|\d{4} Q\d|\b[0-9a-f]{12}\b|\b[0-9a-f]{64}\b"
    r"|[\w.]*[a-z_]\d+\w*|\d+ to \d+ days|\d+ days|\d+ months|\d+ years?"
)


def numbers_without_a_way(page: bytes) -> set[str]:
    """What each number of a page that leads nowhere is called; not those of pictures and of the
    tables beneath them, of days and of what somebody may type."""
    main = markup.fromstring(page).find(".//main")
    for each in main.xpath(".//a|.//svg|.//form|.//time|.//code|.//pre|.//script|.//details"):
        for inner in [*each]:
            each.remove(inner)
        each.text = ""
    pieces = [
        (element, text)
        for each in main.iter()
        for element, text in ((each, each.text), (each.getparent(), each.tail))
        if each is not main or text is each.text
    ]
    return {
        _called(element, text)
        for element, text in pieces
        if text and NUMBER.search(NO_NUMBERS.sub(" ", text))
    }


def _called(element: Any, piece: str) -> str:
    """What a number is called: the head of its column, its term, or the sentence that it is in."""
    for each in [element, *element.iterancestors()]:
        if each.tag in ("td", "th"):
            row, table = each.getparent(), next(each.iterancestors("table"))
            heads = [head.text_content() for head in table.xpath(".//thead//th")]
            return heads[list(row).index(each)]
        if each.tag == "dd":
            return str(each.getprevious().text_content())
    return NUMBER.sub("#", " ".join(piece.split()))
