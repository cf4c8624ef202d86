"""The refusal of an answer, in a sentence that the person who gave it can mend it by."""

from __future__ import annotations

from equipoise.errors import BadInput


class NotRead(BadInput):
    """An answer could not be read; `message` says in the person's language why, and the mend.

    The message may quote the answer: it is for the person alone, and for no log. `part` names the
    box of a date that is wrong: "day", "month" or "year"; "" is the whole answer.
    """

    def __init__(self, message: str, *, field: str, part: str = "") -> None:
        super().__init__(message, field=field)
        self.part = part
