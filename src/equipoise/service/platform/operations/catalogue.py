"""Every problem that the API may answer with: one table, from which the answers, the pages under
`/problems/`, the description of each endpoint and docs/reference/problems.md are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

PLACE = "/problems/"
MARK = "x-problems"
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its name in the address, HTTP's status, and in words what it is, when it
    comes and what to do."""

    name: str
    status: int
    title: str
    meaning: str
    mend: str

    @property
    def type(self) -> str:
        """RFC 9457's `type`, where the problem is described."""
        return PLACE + self.name


UNREADABLE = Kind(
    "unreadable-request",
    400,
    "The request cannot be read",
    "The body is no JSON as its standard has it (UTF-8, no NaN, no name twice), or a header that "
    "describes it is wrong.",
    "Mend the request; sent again as it is it fails again.",
)
NO_KEY = Kind(
    "idempotency-key-needed",
    400,
    "There is no usable Idempotency-Key",
    "What the request asks must happen once, and nothing says which request it is.",
    "Send a header Idempotency-Key of 1 to 200 printable characters, a new one for each request.",
)
NOT_AUTHENTICATED = Kind(
    "not-authenticated",
    401,
    "Nobody is known to ask",
    "There is no API key, or it has ended or was withdrawn; or nobody is logged in.",
    "Send a key in force as `Authorization: Bearer`; an ended one can be renewed.",
)
NOT_ALLOWED = Kind(
    "not-allowed",
    403,
    "Whoever asks may not do this",
    "The program's scopes or the person's role do not hold the right that `detail` names; or a "
    "browser's request lacks the CSRF token, or the person a second factor.",
    "Ask an administrator for the right, or use a program that has it.",
)
IN_THE_CLEAR = Kind(
    "in-the-clear",
    403,
    "This must not be asked in the clear",
    "The service is served over HTTPS and the request came without: whoever listened has read it, "
    "the key too. It is not redirected, or nobody would notice. Nothing was done.",
    "Ask by https, and renew the key that was sent.",
)
TEST_KEY = Kind(
    "test-key",
    403,
    "A test key changes nothing",
    "The key is a test program's, and the request would have an effect.",
    "Decide with it, or send the request with a key of a program that is no test.",
)
AUTHORITY = Kind(
    "beyond-authority",
    403,
    "It is beyond your authority",
    "The case needs another level, product or grade, or somebody without ties to who is in it; or "
    "you, or one who shares your authority, have signed it.",
    "Ask one of those whom `mend` names to sign it.",
)
NOT_FOUND = Kind(
    "not-found",
    404,
    "There is no such thing",
    "Nothing stands at the address, or it is another program's or another branch's.",
    "Look at the identifier, and at whose it is.",
)
WRONG_METHOD = Kind(
    "wrong-method",
    405,
    "This cannot be done here",
    "The address is known, and this method is none of its.",
    "Use a method that the header Allow names.",
)
TOO_SLOW = Kind(
    "too-slow",
    408,
    "The body came too slowly",
    "The body was not whole in time, or fewer bytes of it came each second than are waited for "
    "(EQUIPOISE_BODY_SECONDS, EQUIPOISE_UPLOAD_SECONDS, EQUIPOISE_BODY_RATE). Nothing was done.",
    "Ask again, as it is and under the same Idempotency-Key; mend the line if it happens again.",
)
STATE = Kind(
    "not-as-things-stand",
    409,
    "Not as things stand",
    "The request is right and its time is not: something has ended already, is not ready yet, or "
    "there are as many as may be. `detail` says what.",
    "Do what `mend` says, or nothing: it may have been done already.",
)
OWN_WORK = Kind(
    "own-work",
    409,
    "Nobody approves their own work",
    "Whoever wrote a strategy, or made the key of the program that did, cannot approve it.",
    "Have someone else approve it.",
)
TWO_PEOPLE = Kind(
    "two-people-needed",
    409,
    "It takes two people",
    "What was asked counts only from a second person: one who did not ask for it, whom it is not "
    "about, and whose account was handed over to them. `detail` says which of these it is.",
    "Ask the person whom `mend` names; whoever never chose a password of their own does so first.",
)
NOT_PASSED = Kind(
    "gates-not-passed",
    409,
    "The strategy's gates are not passed",
    "What stands before a check, a publication or a trial does not hold; `faults` says which "
    "gate refuses, and where it knows, at what place.",
    "Look at the gates, mend the strategy, and hand in a new version.",
)
NO_ROOM = Kind(
    "no-room",
    409,
    "There is no room for it",
    "The files of your batches, or of all, fill what they may, or the disk is nearly full; "
    "`detail` names the setting.",
    "Have files of old batches removed, or send it later.",
)
IN_PROGRESS = Kind(
    "in-progress",
    409,
    "The same request is being answered right now",
    "Another request under the same Idempotency-Key has not ended yet.",
    "Ask again, as it is, after Retry-After seconds.",
)
CONFLICT = Kind(
    "written-meanwhile",
    409,
    "Somebody else was first",
    "Something was written meanwhile that this request did not know of. Nothing was done.",
    "Ask again, as it is, after Retry-After seconds.",
)
GONE = Kind(
    "gone",
    410,
    "It was erased",
    "The applicant was erased, or the batch's files were removed: it was there, and will not come "
    "back.",
    "Nothing brings it back. The answer of a decision can still be read.",
)
TOO_LARGE = Kind(
    "body-too-large",
    413,
    "The body is too large",
    "The body has more bytes than are taken (EQUIPOISE_MAX_BODY, EQUIPOISE_MAX_BATCH).",
    "Send less; many applications go as a file to /v1/batches.",
)
WRONG_TYPE = Kind(
    "wrong-content-type",
    415,
    "The body is of another kind",
    "The header Content-Type names none of the kinds that are taken here.",
    "Send application/json; to /v1/batches one of the kinds that its description lists.",
)
INVALID = Kind(
    "invalid-request",
    422,
    "The request is not as described",
    "The request can be read and does not fit its description; `faults` names each place.",
    "Mend what `faults` names; the description is at /v1/openapi.json.",
)
UNKNOWN_PARAMETER = Kind(
    "unknown-parameter",
    422,
    "There is no such parameter",
    "The address has a query parameter that is none here, or the same one twice; `field` names it.",
    "Take the name that `mend` offers, or leave it out.",
)
VALUE = Kind(
    "invalid-value",
    422,
    "A value cannot be used",
    "The request is as described, and a value in it has no meaning here; `field` names it.",
    "Do what `mend` says.",
)
FAULTS = Kind(
    "several-faults",
    422,
    "Several values cannot be used",
    "A document that was sent has more than one fault; `faults` tells each, where it is known with "
    "file, line and column.",
    "Mend them all at once.",
)
OTHER_BODY = Kind(
    "other-body",
    422,
    "The Idempotency-Key was used for another body",
    "The same key came with a body of other values within 24 hours. Numbers are told apart by "
    "value: 8950 and 8950.0 are one.",
    "Take a new key for a new request.",
)
ADDRESS = Kind(
    "forbidden-address",
    422,
    "The address is not one that is told anything",
    "A webhook's address is no https, or leads into a private network.",
    "Give a public https address; the operator may allow others (EQUIPOISE_WEBHOOK_PRIVATE).",
)
TOO_OFTEN = Kind(
    "too-many-requests",
    429,
    "Too many requests",
    "The program has made more requests than its rate allows, by all its keys.",
    "Ask again, as it is, after Retry-After seconds.",
)
INTERNAL = Kind(
    "internal",
    500,
    "A fault of ours",
    "Something broke. Whether it was done is not known. The log has it under the id that "
    "X-Request-ID and `instance` give.",
    "Ask again under the same Idempotency-Key, and tell the operator that id.",
)
NONE_IN_FORCE = Kind(
    "no-strategy-in-force",
    503,
    "No strategy is in force",
    "Nothing was published yet, or it was taken out of force; or no strategy is named and the "
    "default is not in force.",
    "Name a strategy that is in force; or publish one, then ask again.",
)
UNUSABLE = Kind(
    "strategy-unusable",
    503,
    "The strategy cannot be had",
    "Its file is gone, broken or of another build; new decisions are referred to a person.",
    "Tell the operator; the log says what is wrong with it.",
)
SEALED = Kind(
    "facts-unreadable",
    503,
    "Personal facts cannot be read",
    "Nobody was erased: the key under which they are sealed is not here, or what is kept was "
    "altered. Nothing was done.",
    "Tell the operator: `equipoise keys list` says which key lacks, `equipoise record verify` and "
    "`equipoise replay --all` what was altered.",
)
BUSY = Kind(
    "busy",
    503,
    "Too much is asked at once",
    "More requests wait here than are worth waiting for. Nothing was done.",
    "Ask again, as it is and under the same Idempotency-Key, after Retry-After seconds.",
)
UNAVAILABLE = Kind(
    "unavailable",
    503,
    "The database does not answer",
    "Nothing was done.",
    "Ask again, as it is and under the same Idempotency-Key, after Retry-After seconds.",
)
NOT_READY = Kind(
    "not-ready",
    503,
    "The service is not ready",
    "/readyz says why no decision can be made: the database does not answer or lacks migrations, "
    "no strategy is in force, the disk is full; `detail` says which, `checks` tells each check.",
    "Send requests elsewhere, and ask again after Retry-After seconds.",
)

CATALOGUE: Mapping[str, Kind] = {
    each.name: each
    for each in (
        UNREADABLE, NO_KEY, NOT_AUTHENTICATED, NOT_ALLOWED, IN_THE_CLEAR, TEST_KEY, AUTHORITY,
        NOT_FOUND, WRONG_METHOD, TOO_SLOW, STATE, OWN_WORK, TWO_PEOPLE, NOT_PASSED, NO_ROOM,
        IN_PROGRESS,
        CONFLICT, GONE, TOO_LARGE, WRONG_TYPE, INVALID, UNKNOWN_PARAMETER, VALUE, FAULTS,
        OTHER_BODY, ADDRESS, TOO_OFTEN, INTERNAL, NONE_IN_FORCE, UNUSABLE, SEALED, BUSY,
        UNAVAILABLE, NOT_READY,
    )
}  # fmt: skip
BY_STATUS: Mapping[int, Kind] = {
    400: UNREADABLE, 401: NOT_AUTHENTICATED, 403: NOT_ALLOWED, 404: NOT_FOUND, 405: WRONG_METHOD,
    408: TOO_SLOW, 409: STATE, 410: GONE, 413: TOO_LARGE, 415: WRONG_TYPE, 422: INVALID,
    429: TOO_OFTEN, 500: INTERNAL, 503: UNAVAILABLE,
}  # fmt: skip


def gives(*kinds: Kind) -> Callable[[View], View]:
    """An endpoint's word for what it may answer beside what all like it do; it stands below the
    route, and goes into the description."""

    def contribute(operation: Any) -> None:
        operation.openapi_extra = {
            **(operation.openapi_extra or {}),
            MARK: [each.name for each in kinds],
        }

    def marked(view: View) -> View:
        view._ninja_contribute_to_operation = [contribute]  # type: ignore[attr-defined]
        return view

    return marked


def catalogue_table() -> str:
    """The catalogue as the reference shows it."""
    rows = [
        f"| `{each.name}` | {each.status} | {each.title}. {each.meaning} | {each.mend} |"
        for each in CATALOGUE.values()
    ]
    return "\n".join(["| type | status | means | do |", "|---|---|---|---|", *rows])
