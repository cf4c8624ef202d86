"""Long lists in pages: where a page ends, the next begins, whatever is added meanwhile.

A cursor holds the place of the page's last row in the list's order, and not a count of rows.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Field, Schema

from equipoise.errors import BadInput
from equipoise.service.platform.api.bodies import countable

M = TypeVar("M", bound=Model)
T = TypeVar("T")
MOST = 500


class Paging(Schema):
    """Which part of a list: so many of it, and after which page."""

    limit: int = Field(100, ge=1, le=MOST)
    after: str = Field("", max_length=300, description="`next` of the page before.")


class Page(Schema, Generic[T]):
    """A part of a list; `next` begins the part after it, null where there is none."""

    items: list[T]
    next: str | None


@dataclass(frozen=True)
class Order:
    """The order of a list and its name, to which its cursors belong: columns as Django orders by
    them, the last of which tells rows apart, and how each one's value in a cursor is read."""

    name: str
    columns: tuple[str, ...]
    kinds: tuple[Callable[[Any], Any], ...]

    def after(self, cursor: str) -> Q:
        """The rows behind a cursor. Raises BadInput where it is none of this list."""
        condition, same = Q(), Q()
        for column, value in zip(self.columns, self._values(cursor), strict=True):
            name, beyond = column.removeprefix("-"), "lt" if column[0] == "-" else "gt"
            condition |= same & Q(**{f"{name}__{beyond}": value})
            same &= Q(**{name: value})
        return condition

    def cursor(self, row: Any) -> str:
        """The place of a row."""
        values = [getattr(row, column.removeprefix("-")) for column in self.columns]
        text = json.dumps([self.name, *values], default=str)
        return urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def _values(self, cursor: str) -> list[Any]:
        try:
            padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
            name, *values = json.loads(urlsafe_b64decode(padded))
            if name != self.name:
                raise ValueError(cursor)
            parsed = [kind(value) for kind, value in zip(self.kinds, values, strict=True)]
        except (ValueError, TypeError, AttributeError, RecursionError):
            raise BadInput(
                "this is no place in this list",
                field="after",
                mend="give the `next` of the page before, or nothing for the first page",
            ) from None
        return parsed


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """The rows of a page, and the cursor of what comes after them."""

    rows: list[T]
    next: str | None


def read_number(value: Any) -> int:
    """A number of a row. Raises ValueError."""
    if type(value) is not int or not 0 <= value < 2**31:
        raise ValueError(value)
    return value


def read_sequence(value: Any) -> int:
    """A number of a row among very many. Raises ValueError."""
    if type(value) is not int or not 0 <= value < 2**63:
        raise ValueError(value)
    return value


def read_name(value: Any) -> str:
    """An id that is a text. Raises ValueError."""
    if not isinstance(value, str) or not value.isascii() or not value.isprintable():
        raise ValueError(value)
    return value


def read_moment(value: Any) -> datetime:
    """A moment. Raises ValueError, TypeError."""
    moment = countable(datetime.fromisoformat(value))
    if moment.tzinfo is None:
        raise ValueError(value)
    return moment


def page_of(rows: QuerySet[M], order: Order, asked: Paging) -> Part[M]:
    """That page of the rows. Raises BadInput for a cursor of another list."""
    rows = rows.order_by(*order.columns)
    if asked.after:
        rows = rows.filter(order.after(asked.after))
    return cut(list(rows[: asked.limit + 1]), order, asked.limit)


def cut(rows: Sequence[M], order: Order, limit: int) -> Part[M]:
    """A page from rows of which one more than wanted was asked for."""
    kept = list(rows[:limit])
    return Part(kept, order.cursor(kept[-1]) if len(rows) > limit else None)


def page_out(
    request: HttpRequest,
    response: HttpResponse,
    page: Part[T],
    shown: Sequence[Any] | None = None,
) -> dict[str, Any]:
    """The page as it is answered, with a Link to the next; `shown` in the place of its rows."""
    if page.next is not None:
        query = request.GET.copy()
        query["after"] = page.next
        response["Link"] = f'<{request.path}?{query.urlencode()}>; rel="next"'
    return {"items": page.rows if shown is None else shown, "next": page.next}
