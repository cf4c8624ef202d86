"""A request's head: what the line and the headers say, read once."""

from __future__ import annotations

import re
import secrets
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http.request import split_domain_port, validate_host

API = "/v1/"
FILES = "/v1/batches"  # takes a file: as large as a batch may be, and of its own kinds
# These take a file that an applicant brings.
_PAPERS = re.compile(
    r"/apply/[A-Za-z0-9_-]+/(papers|unclear/[A-Za-z0-9_-]+)|/v1/drafts/[A-Za-z0-9_-]+/papers"
)
# These take a sealed strategy or its text: larger than forms are.
_STRATEGY = re.compile(r"/strategies/(upload|[0-9]+/edit/(check|save))")
STRATEGY_FILE = "/strategies/upload"
_QUESTION = re.compile(r"/apply/[A-Za-z0-9_-]+/q/[A-Za-z0-9_-]+")
_FORM = "multipart/form-data"  # of a question that is answered with a document, and of no other
_SENDING = ("POST", "PUT", "PATCH")
_GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")
_NUMBER = re.compile(r"[0-9]{1,18}")


class Head:
    """What a request says before its body. `scope` is granian's (RSGI)."""

    __slots__ = ("authorization", "headers", "length", "method", "path", "request_id", "scope")

    def __init__(self, scope: Any) -> None:
        self.scope = scope
        self.headers = headers = scope.headers
        self.method: str = scope.method
        self.path: str = scope.path or "/"
        # Header values that are not ASCII are not handed on: such a one is there, and empty.
        self.authorization: str | None = headers.get("authorization")
        if self.authorization is None and "authorization" in headers:
            self.authorization = ""
        self.length = _length(headers)
        given = headers.get("x-request-id", "")
        self.request_id = given if _GIVEN.fullmatch(given) else secrets.token_hex(12)

    @property
    def has_body(self) -> bool:
        """Whether one comes, as far as it says."""
        return self.length != 0

    @property
    def query(self) -> str:
        """What stands behind the question mark, as sent."""
        query: str = self.scope.query_string
        return query

    @property
    def content_type(self) -> str:
        """The body's kind without its parameters."""
        kind: str = self.headers.get("content-type", "")
        return kind.partition(";")[0].strip().lower()

    @property
    def in_api(self) -> bool:
        """Whether it asks the API, which reads JSON and knows its callers."""
        return self.path.startswith(API)

    @property
    def brings_file(self) -> bool:
        """Whether its body is a batch's file."""
        return self.method == "POST" and self.path == FILES

    @property
    def brings_paper(self) -> bool:
        """Whether its body is a document of an applicant's, or a form with one."""
        if self.method != "POST":
            return False
        if _QUESTION.fullmatch(self.path):
            return self.content_type == _FORM
        return _PAPERS.fullmatch(self.path) is not None

    @property
    def brings_strategy(self) -> bool:
        """Whether its body is a form with a sealed strategy's file."""
        return self.method == "POST" and self.path == STRATEGY_FILE

    @property
    def carries_strategy(self) -> bool:
        """Whether a strategy stands in its form, as a file or as a text."""
        return self.method == "POST" and _STRATEGY.fullmatch(self.path) is not None

    @property
    def sends(self) -> bool:
        """Whether its method is one that a body belongs to."""
        return self.method in _SENDING

    @property
    def host(self) -> str:
        """Whom it is for: of a whole address in the first line that, whatever else is said."""
        authority: str | None = self.scope.authority
        return authority or self.headers.get("host", "")

    @property
    def address(self) -> str:
        """Whose connection it is; not who asks, where a proxy is between."""
        client: str = self.scope.client
        return client.rpartition(":")[0].strip("[]")

    @property
    def secure(self) -> bool:
        """Whether it came by HTTPS, as far as a trusted proxy says."""
        if self.scope.scheme == "https":
            return True
        if not settings.CONFIGURATION.behind_proxy:
            return False
        said: str = self.headers.get("x-forwarded-proto", "")
        return said.split(",", 1)[0].strip() == "https"

    @property
    def known_host(self) -> bool:
        """Whether it is for a name that we have."""
        return _known_host(self.host)


def _length(headers: Any) -> int | None:
    """Bytes of the body; None where it comes in chunks. The server refuses lengths that are none,
    and two that differ."""
    if "transfer-encoding" in headers:
        return None
    given = headers.get("content-length", "")
    return int(given) if _NUMBER.fullmatch(given) else 0


@lru_cache(maxsize=1000)
def _known_host(host: str) -> bool:
    domain, _ = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)
