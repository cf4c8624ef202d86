"""Everything that a program may ask of the service."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, TypeVar
from urllib.parse import quote
from uuid import uuid4

from .asks import Asks
from .batches import Batches
from .disposals import DisposalReader
from .drafts import Drafts
from .incidents import IncidentReader
from .notices import Notices
from .paging import listed, searched
from .problems import Problem, problem
from .products import Products
from .reading import read
from .results import (
    Agreement,
    Application,
    Arrivals,
    AuditorTrace,
    ByPerson,
    Caller,
    CustomerWords,
    Decision,
    Outcome,
    Replay,
    UnderwriterWords,
    Way,
)
from .retries import Retries
from .reviews import Reviews
from .screenings import ScreeningReader
from .strategies import Strategies
from .transport import Transport
from .watch import Watch
from .webhooks import Webhooks

T = TypeVar("T")
_MANY = 1000  # applications in one request


class Client:
    """A connection to one service under one API key; threads may share it.

    `timeout` is seconds to wait for one answer. Whatever asks only, or has one effect however often
    it is sent, is sent again as `retries` says, when nothing answers or the server is busy. Every
    method raises Problem where the service did not do what was asked.
    """

    def __init__(
        self,
        url: str,
        api_key: str,
        *,
        timeout: float = 15.0,
        retries: Retries | None = None,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._transport = Transport(url, api_key, timeout, retries or Retries(), context)
        self.strategies = Strategies(self._transport)
        self.webhooks = Webhooks(self._transport)
        self.batches = Batches(self._transport)
        self.reviews = Reviews(self._transport)
        self.drafts = Drafts(self._transport)
        self.products = Products(self._transport)
        self.notices = Notices(self._transport)
        self.asks = Asks(self._transport)
        self.watch = Watch(self._transport)
        self.incidents = IncidentReader(self._transport)
        self.disposals = DisposalReader(self._transport)
        self.screenings = ScreeningReader(self._transport)

    def decide(
        self,
        application: Mapping[str, Any],
        *,
        strategy: str = "",
        branch: str = "",
        region: str = "",
        language: str = "",
        key: str | None = None,
    ) -> Decision:
        """Decide an application: the contract's fields by name, under `checks` results that are in.

        While `conditions` are open, or more is asked for, send the identifier and what is new.
        `language` is the one in which the customer is spoken to from then on, as `zh` or `pt-BR`.

        One application has one `key`, kept by the caller wherever a crash might make it ask again;
        without one each call is a new application. A Problem's `key` says which was sent.
        """
        named = {"strategy": strategy, "branch": branch, "region": region, "language": language}
        body = {"application": dict(application), **{n: v for n, v in named.items() if v}}
        answer = self._transport.ask("POST", "/v1/decisions", body, key=key or str(uuid4()))
        return read(Decision, answer.json)

    def decide_many(
        self,
        applications: Mapping[str, Mapping[str, Any]],
        *,
        strategy: str = "",
        branch: str = "",
        region: str = "",
        language: str = "",
    ) -> dict[str, Decision | Problem]:
        """Decide any number of applications, each under a key of its own, by which they are given
        here; by the same keys what each is answered: its decision, or the Problem that `decide`
        would raise. 1,000 go in one request.

        Raises Problem where a request was not answered as a whole: ask again with the same keys,
        and what was decided is answered again.
        """
        named = {"strategy": strategy, "branch": branch, "region": region, "language": language}
        common = {name: value for name, value in named.items() if value}
        keys = [*applications]
        answers: dict[str, Decision | Problem] = {}
        for start in range(0, len(keys), _MANY):
            part = keys[start : start + _MANY]
            body = {"applications": [
                {"idempotency_key": key, "application": dict(applications[key]), **common}
                for key in part
            ]}  # fmt: skip
            answer = self._transport.ask("POST", "/v1/decisions/many", body)
            request = answer.headers.get("x-request-id", "")
            for key, each in zip(part, answer.json["answers"], strict=True):
                answers[key] = _answered(key, each, request)
        return answers

    def report_message(self, message_id: str, state: str) -> str:
        """Say that a message was `delivered`, came back (`bounced`) or was lost (`failed`); where
        it stands now. Needs the scope messages.report."""
        body = {"id": message_id, "state": state}
        return str(self._transport.ask("POST", "/v1/messages/reports", body).json["state"])

    def application(self, application_id: str) -> Application:
        """Where an application stands."""
        where = f"/v1/applications/{quote(application_id, safe='')}"
        return read(Application, self._transport.ask("GET", where).json)

    def record_checks(
        self, application_id: str, results: Mapping[str, str], key: str | None = None
    ) -> Decision:
        """Say which checks of an application were `passed` and which `stopped` it; the decision
        that follows. It may be the program's own, or one that its applicant began on the pages."""
        where = f"/v1/applications/{quote(application_id, safe='')}/checks"
        body = {"checks": dict(results)}
        return read(
            Decision, self._transport.ask("POST", where, body, key=key or str(uuid4())).json
        )

    def agreement(self, application_id: str) -> Agreement:
        """Where the application's agreement stands; NotFound before an offer was taken."""
        where = f"/v1/applications/{quote(application_id, safe='')}/agreement"
        return read(Agreement, self._transport.ask("GET", where).json)

    def decision(self, decision_id: str) -> Decision:
        """A decision, as it was answered."""
        return self._read(Decision, decision_id)

    def decisions(
        self,
        *,
        identifier: str | int | None = None,
        facts: Mapping[str, Any] | None = None,
        application: str = "",
        outcome: str = "",
        strategy: str = "",
        digest: str = "",
        way: str = "",
        decided_from: date | None = None,
        decided_to: date | None = None,
    ) -> Iterator[Decision]:
        """Decisions of this program, the newest first, as far as they are read: all, or those of
        the applicant with this `identifier` or these `facts` (values of the contract's searchable
        fields, which needs the scope personal.read); and of these, which. Days are the lender's.
        """
        days = {"decided_from": decided_from, "decided_to": decided_to}
        given = {"application": application, "outcome": outcome, "strategy": strategy,
                 "digest": digest, "way": way,
                 **{name: day.isoformat() for name, day in days.items() if day}}  # fmt: skip
        asked = {name: value for name, value in given.items() if value}
        if identifier is None and not facts:
            return listed(self._transport, Decision, "/v1/decisions", asked)
        body = {"identifier": identifier, "facts": dict(facts or {}), **asked}
        return searched(self._transport, Decision, "/v1/decisions/search", body)

    def customer_words(self, decision_id: str, lang: str = "") -> CustomerWords:
        """The decision told to the customer; `lang` empty: in the application's language
        where the strategy speaks it, else in its first."""
        return self._read(
            CustomerWords, decision_id, "/explanation", {"for": "customer", "lang": lang}
        )

    def underwriter_words(self, decision_id: str) -> UnderwriterWords:
        """The decision told to an underwriter; needs the scope personal.read."""
        return self._read(UnderwriterWords, decision_id, "/explanation", {"for": "underwriter"})

    def auditor_trace(self, decision_id: str) -> AuditorTrace:
        """The decision's whole trace; needs the scope decisions.replay."""
        return self._read(AuditorTrace, decision_id, "/explanation", {"for": "auditor"})

    def by_person(self, decision_id: str) -> ByPerson:
        """What a person decided in place of the decision. Raises NotFound where nobody did."""
        return read(ByPerson, self._transport.ask("GET", _path(decision_id, "/by-person")).json)

    def recourse(self, decision_id: str, most: int = 5) -> tuple[Way, ...]:
        """What would turn the answer, easiest first; each way was decided by the strategy."""
        recourse = self._transport.ask(
            "GET", _path(decision_id, "/recourse"), query={"most": most}
        ).json
        return tuple(read(Way, each) for each in recourse["ways"])

    def replay(self, decision_id: str) -> Replay:
        """Make the decision again by the strategy, the facts and the day of then."""
        return read(Replay, self._transport.ask("POST", _path(decision_id, "/replay")).json)

    def record_outcome(
        self,
        decision_id: str,
        outcome: str,
        on: date | None = None,
        amount: float | None = None,
    ) -> Outcome:
        """Tell what became of it: accepted, booked, withdrawn, lapsed, repaid, defaulted or
        complained. Days are the lender's, by the contract's time zone; `on` left out is the
        lender's today. Told again of the same day, it stands there once."""
        outcome_body = {"outcome": outcome, "on": on.isoformat() if on else None, "amount": amount}
        return read(
            Outcome, self._transport.ask("POST", _path(decision_id, "/outcome"), outcome_body).json
        )

    def outcomes(self, decision_id: str) -> tuple[Outcome, ...]:
        """What became of it so far."""
        outcomes = self._transport.ask("GET", _path(decision_id, "/outcomes")).json
        return tuple(read(Outcome, each) for each in outcomes)

    def me(self) -> Caller:
        """Whose key this is, and what it may do."""
        return read(Caller, self._transport.ask("GET", "/v1/me").json)

    def arrivals(self) -> tuple[Arrivals, ...]:
        """How long applicants wait at each stage. Needs the scope metrics.read."""
        rows = self._transport.ask("GET", "/v1/arrivals").json
        return tuple(read(Arrivals, each) for each in rows)

    def metrics(self) -> str:
        """The service's figures in Prometheus's text format; needs the scope metrics.read."""
        return self._transport.ask("GET", "/metrics").body.decode()

    def description(self) -> Mapping[str, Any]:
        """The OpenAPI document: the contract's fields, and an example application that works."""
        schema: Mapping[str, Any] = self._transport.ask("GET", "/v1/openapi.json").json
        return schema

    def close(self) -> None:
        """Close this thread's connection."""
        self._transport.close()

    def _read(self, kind: type[T], decision_id: str, rest: str = "", query: Any = None) -> T:
        return read(kind, self._transport.ask("GET", _path(decision_id, rest), query=query).json)


def _path(decision_id: str, rest: str = "") -> str:
    return f"/v1/decisions/{quote(decision_id, safe='')}{rest}"


def _answered(key: str, answer: Mapping[str, Any], request: str) -> Decision | Problem:
    if answer["status"] == 201:
        return read(Decision, answer["decision"])
    return problem(answer["status"], answer["problem"], request=request, key=key)
