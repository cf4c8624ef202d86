"""What an applicant does besides, before a front end of your own: documents, what is unclear,
complaints, how it went, asking, help in person, letters, and what is held about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .reading import read
from .results import (
    Asked,
    Conversation,
    ErasureAsked,
    Held,
    HelpCode,
    OneMore,
    OwnComplaint,
    OwnComplaints,
    OwnPaper,
    OwnPapers,
    Unclear,
)
from .transport import Transport

_KINDS = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".heic": "image/heic",
    ".pdf": "application/pdf",
}
_ANY = "application/octet-stream"


class _Part:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def _get(self, draft_id: str, rest: str) -> Any:
        return self._transport.ask("GET", address(draft_id, rest)).json

    def _post(self, draft_id: str, rest: str, body: Any = None, *, again: bool = True) -> Any:
        return self._transport.ask("POST", address(draft_id, rest), body, again=again).json


class Papers(_Part):
    """Documents that the applicant brings."""

    def get(self, draft_id: str) -> OwnPapers:
        """What is asked for by now, and what was brought."""
        return read(OwnPapers, self._get(draft_id, "papers"))

    def bring(self, draft_id: str, file: Path, about: str = "", name: str = "") -> OwnPaper:
        """Bring a picture or a PDF; `about` is what it is for: what is `wanted`, or the id of
        something unclear. `name` is what it was called, the file's own unless said."""
        kind = _KINDS.get(file.suffix.lower(), _ANY)
        answer = self._transport.ask(
            "POST",
            address(draft_id, "papers"),
            file,
            query={"about": about},
            again=False,
            kind=kind,
            name=name or file.name,
        )
        return read(OwnPaper, answer.json)

    def fetch(self, draft_id: str, paper_id: str, to: Path) -> None:
        """Write a document as it is kept, whole or not at all."""
        self._transport.fetch(address(draft_id, f"papers/{quote(paper_id, safe='')}"), to)

    def take_back(self, draft_id: str, paper_id: str) -> None:
        """Destroy one."""
        where = address(draft_id, f"papers/{quote(paper_id, safe='')}")
        self._transport.ask("DELETE", where, again=False)


class Concerns(_Part):
    """What is unclear in an application."""

    def list(self, draft_id: str) -> tuple[Unclear, ...]:
        """What it is, how it is settled, and what was answered so far."""
        return tuple(read(Unclear, each) for each in self._get(draft_id, "unclear"))

    def answer(
        self, draft_id: str, concern_id: str, words: str = "", papers: Sequence[str] = ()
    ) -> Unclear:
        """Say how it is, in words or by documents that were brought, named by their ids."""
        rest = f"unclear/{quote(concern_id, safe='')}/answers"
        body = {"words": words, "papers": [*papers]}
        return read(Unclear, self._post(draft_id, rest, body, again=False))


class Asks(_Part):
    """One thing more that a person asks while they decide."""

    def list(self, draft_id: str) -> tuple[OneMore, ...]:
        """What is asked, why and by when, and what was answered so far."""
        return tuple(read(OneMore, each) for each in self._get(draft_id, "asks"))

    def answer(
        self,
        draft_id: str,
        ask_id: str,
        typed: Mapping[str, str] | str = "",
        papers: Sequence[str] = (),
    ) -> OneMore:
        """Answer it, as it was typed: a text, or the boxes of a date by their names; or by
        documents that were brought, named by their ids."""
        boxes = {"": typed} if isinstance(typed, str) else dict(typed)
        rest = f"asks/{quote(ask_id, safe='')}/answers"
        body = {"typed": {} if papers else boxes, "papers": [*papers]}
        return read(OneMore, self._post(draft_id, rest, body, again=False))


class Complaints(_Part):
    """Complaints, and corrections that are asked for."""

    def get(self, draft_id: str) -> OwnComplaints:
        """Those so far with their answers, and whom else the person can turn to."""
        return read(OwnComplaints, self._get(draft_id, "complaints"))

    def make(self, draft_id: str, words: str, step: str = "") -> OwnComplaint:
        """Say that something is wrong; in the same words while it waits, it is the same one."""
        body = {"words": words, "step": step}
        return read(OwnComplaint, self._post(draft_id, "complaints", body))

    def correct(self, draft_id: str, words: str, field: str = "") -> OwnComplaint:
        """Ask that a fact is corrected: `field` is its name among the facts that are held."""
        body = {"words": words, "field": field}
        return read(OwnComplaint, self._post(draft_id, "corrections", body))


class Feedback(_Part):
    """How it went."""

    def asked(self, draft_id: str) -> Asked | None:
        """What the person may be asked now; None where that is nothing."""
        return _ask(self._get(draft_id, "feedback"))

    def score(self, draft_id: str, scale: str, score: int) -> Asked | None:
        """Keep what they tapped; what they are asked next."""
        return _ask(self._post(draft_id, "feedback", {"scale": scale, "score": score}))

    def say(self, draft_id: str, words: str) -> Asked | None:
        """Keep what they add in words."""
        return _ask(self._post(draft_id, "feedback", {"words": words}))

    def dismiss(self, draft_id: str) -> None:
        """They would rather not say."""
        self._post(draft_id, "feedback", {"dismiss": True}, again=False)


class Helper(_Part):
    """The helper, and the person it hands over to."""

    def conversation(self, draft_id: str) -> Conversation:
        """All that was said so far."""
        return read(Conversation, self._get(draft_id, "conversation"))

    def ask(self, draft_id: str, question: str) -> Conversation:
        """Ask in words."""
        return self._said(draft_id, {"question": question})

    def choose(self, draft_id: str, name: str) -> Conversation:
        """Choose from the menu."""
        return self._said(draft_id, {"choice": name})

    def want_a_person(self, draft_id: str) -> Conversation:
        """Have a person take over."""
        return self._said(draft_id, {"person": True})

    def _said(self, draft_id: str, body: Mapping[str, Any]) -> Conversation:
        return read(Conversation, self._post(draft_id, "conversation", body, again=False))


class InPerson(_Part):
    """Somebody of the lender's who helps, at a branch or on the telephone."""

    def now(self, draft_id: str) -> tuple[str, ...]:
        """Over which channels somebody does."""
        return tuple(self._get(draft_id, "help")["over"])

    def code(self, draft_id: str) -> HelpCode:
        """What the applicant reads out to them; a former code ends."""
        return read(HelpCode, self._post(draft_id, "help", again=False))

    def end(self, draft_id: str) -> None:
        """Nobody does any more."""
        self._transport.ask("DELETE", address(draft_id, "help"))


class Data(_Part):
    """What is held about the applicant, and what they take home."""

    def get(self, draft_id: str) -> Held:
        """All that is held, and who looked at it."""
        return read(Held, self._get(draft_id, "data"))

    def export(self, draft_id: str, to: Path) -> None:
        """Write all of it into a file (JSON), for the person to take away."""
        self._transport.fetch(address(draft_id, "data/export"), to)

    def letter(self, draft_id: str, to: Path, of: str = "") -> None:
        """Write the letter about the last decision (PDF), or the one `of` that id; that the person
        took it is noted."""
        named = f"?of={quote(of, safe='')}" if of else ""
        self._transport.fetch(address(draft_id, f"letter{named}"), to)

    def agreement_copy(self, draft_id: str, to: Path) -> None:
        """Write a copy of what was signed (PDF)."""
        self._transport.fetch(address(draft_id, "agreement/copy"), to)

    def erasure(self, draft_id: str) -> ErasureAsked:
        """What is kept by law although the person asks to be erased, and whether they asked."""
        return read(ErasureAsked, self._get(draft_id, "erasure"))

    def ask_erasure(self, draft_id: str) -> ErasureAsked:
        """Ask that all is erased; a person sees to it."""
        return read(ErasureAsked, self._post(draft_id, "erasure"))


def address(draft_id: str, rest: str) -> str:
    """Where something of a draft is."""
    return f"/v1/drafts/{quote(draft_id, safe='')}/{rest}"


def _ask(answer: Mapping[str, Any]) -> Asked | None:
    return None if answer["ask"] is None else read(Asked, answer["ask"])
