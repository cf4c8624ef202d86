"""People of the lender's at their desk: logged in as people are, they answer reviews, what was said
to something unclear, and complaints, over the API of the real service.

Who gets what is a rule of the rehearsal's own, which nobody is told: by the matter's id, so that it
is the same whoever takes it up. Some they never get to.
"""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any, TypeVar

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from equipoise.rehearsal.browser import Astray, Browser, NoAnswer

T = TypeVar("T")
_ADDRESS = "10.254.0.{}"
_DIGITS = 6
_PERIOD, _TO_TYPE = 30, 3  # seconds that a code is shown, and that are wanted to send it
_NEVER, _OVERTURNS, _CLEARS = 0.12, 0.35, 0.6
_LONGEST = 9  # days until an answer, of those that get one
_LOOKS = 0.5  # seconds between two looks at the lists
PATIENCE = 240
"""How often somebody of the lender's asks again where the service is busy for a moment."""
_CODES = 3  # that somebody types until they give up
_ANSWERS = ("upheld", "partly_upheld", "not_upheld")
_WORDS = "We looked at all of it again, with the papers that were brought."


@dataclass(frozen=True, slots=True)
class Colleague:
    """How somebody of the lender's logs in: `factor` is what an authenticator app is given.
    `reasons` are those for which they decide otherwise, by the strategies of which they may."""

    name: str
    password: str
    factor: str
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """What becomes of a matter: after how many `days` it is answered, None where never; `share`,
    from 0 to below 1, is which of the answers it gets."""

    days: int | None
    share: float


def rule_of(matter: str) -> Rule:
    """That of a matter, by its id."""
    dice = Random(matter)  # noqa: S311 - nothing secret
    never, days = dice.random() < _NEVER, dice.randint(1, _LONGEST)
    return Rule(None if never else days, dice.random())


@dataclass
class Desk:
    """Those who sit there. `now` is the service's time; where it is not `fast` nothing is left for
    a later day."""

    colleagues: Sequence[Colleague]
    url: Callable[[], str]
    wait: Callable[[], None]
    now: Callable[[], datetime]
    fast: bool
    done: dict[str, int] = field(default_factory=dict)
    _browsers: dict[str, Browser] = field(default_factory=dict)
    _over: threading.Event = field(default_factory=threading.Event)

    def open(self) -> None:
        """Log everybody in. Raises Astray where the service does not let them."""
        for number, each in enumerate(self.colleagues, 1):
            if each.name in self._browsers:
                continue
            browser = Browser(self.url(), _ADDRESS.format(number), again=PATIENCE)
            self._patiently(partial(log_in, browser, each))
            self._browsers[each.name] = browser

    def take_seat(self, name: str, browser: Browser) -> None:
        """Somebody is logged in already, there."""
        self._browsers[name] = browser

    def sit(self) -> None:
        """Work until it is over."""
        while not self._over.wait(_LOOKS):
            self.work()

    def end(self) -> None:
        """Be done with it, once what is in hand is settled."""
        self._over.set()

    def work(self) -> None:
        """Do everything whose day has come."""
        for path, state, since, settle in (
            ("/v1/reviews", "asked", "asked_at", self._review),
            ("/v1/concerns", "answered", "answered_at", self._concern),
            ("/v1/complaints", "open", "received_at", self._complaint),
        ):
            for each in self._listed(path, state):
                rule = rule_of(each["id"])
                if rule.days is not None and self._waited(each[since], rule.days):
                    settle(each, rule)

    def _waited(self, since: str, days: int) -> bool:
        waited = self.now() - datetime.fromisoformat(since)
        return not self.fast or waited >= timedelta(days=days)

    def _review(self, review: Mapping[str, Any], rule: Rule) -> None:
        where = f"/v1/reviews/{review['id']}/settle"
        other = rule.share < _OVERTURNS and self._overridden(review["decision"])
        if not (other and self._say(where, "overturned")):  # there may be nothing to overturn
            self._say(where, "kept")

    def _overridden(self, decision: str) -> bool:
        """Whether enough of them signed another answer than the strategy's; or may have, where
        that was done before and its answer lost."""
        status, made = self._ask(self.colleagues[0], "GET", f"/v1/decisions/{decision}")
        if status != 200:
            raise Astray(f"{decision} is not to be read: {status} {made}")
        for each in self.colleagues:
            reason = each.reasons.get(made["strategy"])
            if reason:
                body = {"answer": "approve", "reason": reason, "words": _WORDS}
                status, _ = self._ask(each, "POST", f"/v1/decisions/{decision}/override", body)
                if status in (201, 409):
                    return True
        return False

    def _concern(self, concern: Mapping[str, Any], rule: Rule) -> None:
        outcome = "cleared" if rule.share < _CLEARS else "stands"
        self._say(f"/v1/concerns/{concern['id']}/close", outcome)

    def _complaint(self, complaint: Mapping[str, Any], rule: Rule) -> None:
        self._say(
            f"/v1/complaints/{complaint['id']}/answer", _ANSWERS[int(rule.share * len(_ANSWERS))]
        )

    def _say(self, where: str, outcome: str) -> bool:
        """Say what they came to; whether that is how it stands now."""
        body = {"outcome": outcome, "words": _WORDS}
        for each in self.colleagues:  # who decided does not look at it again
            status, answer = self._ask(each, "POST", where, body)
            if status not in (200, 409):  # 409: also where it was settled, and its answer lost
                raise Astray(f"{where}: {status} {answer}")
            if status == 200:
                what = where.split("/")[2]
                self.done[what] = self.done.get(what, 0) + 1
                return True
        return False

    def _listed(self, path: str, state: str) -> Iterator[Mapping[str, Any]]:
        after = ""
        while True:
            where = f"{path}?state={state}&limit=200&after={after}"
            status, page = self._ask(self.colleagues[0], "GET", where)
            if status != 200:
                raise Astray(f"{path}: {status} {page}")
            yield from page["items"]
            after = page["next"] or ""
            if not after:
                return

    def _ask(
        self, who: Colleague, method: str, where: str, body: Mapping[str, Any] | None = None
    ) -> tuple[int, Any]:
        return self._patiently(lambda: self._browsers[who.name].ask(method, where, body))

    def _patiently(self, step: Callable[[], T]) -> T:
        while True:
            try:
                return step()
            except NoAnswer:
                self.wait()


def log_in(browser: Browser, who: Colleague) -> None:
    """As a person does, with a password and a code of their app; with the next one where that was
    too late, or was taken before and nobody said so. Raises Astray."""
    page = browser.get("/accounts/login/")
    form = next((each for each in page.forms if "login" in each.boxes), None)
    if form is None:
        raise Astray(f"{page.url} ({page.status}) is no log-in")
    page = browser.send(page, form, {"login": who.name, "password": who.password})
    form = next((each for each in page.forms if "code" in each.boxes), None)
    if form is None:
        raise Astray(f"{page.url} ({page.status}) does not ask {who.name} for a code")
    typed = ""
    for _ in range(_CODES):
        typed = _code(who.factor, typed)
        page = browser.send(page, form, {"code": typed})
        form = next((each for each in page.forms if "code" in each.boxes), None)
        if form is None:
            break
    status, _ = browser.ask("GET", "/v1/me")
    if status != 200:
        raise Astray(f"{who.name} is not logged in: {page.url} ({page.status}), {status}")


def _code(secret: str, typed: str) -> str:
    """What the app shows (RFC 6238), once that is another than was `typed`, with enough time left
    to type it."""
    app = TOTP(base64.b32decode(secret), _DIGITS, SHA1(), _PERIOD)  # noqa: S303 - as apps do
    while True:
        left = _PERIOD - time.time() % _PERIOD
        shown = app.generate(int(time.time())).decode()
        if left >= _TO_TYPE and shown != typed:
            return shown
        time.sleep(left)
