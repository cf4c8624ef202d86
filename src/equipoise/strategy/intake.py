"""One application as it comes in: the facts by the one reading, and the results of checks.

What is wrong with the shape (a name, a type, a fact that must be there) is an error that says how
to mend it; a value that cannot be relied on is a doubt, and goes to a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from equipoise.contract import Contract
from equipoise.contract.facts.record import Record
from equipoise.errors import BadInput, Span, did_you_mean
from equipoise.strategy.editions import Edition

CHECKS = "checks"
PASSED, STOPPED = RESULTS = ("passed", "stopped")


class Intake:
    """Reads applications for one strategy; `inputs` are the fields it uses.

    Fields that come `later` may be left out, whatever the contract says.
    """

    def __init__(
        self,
        edition: Edition,
        contract: Contract,
        inputs: Iterable[str],
        checks: frozenset[str],
        later: frozenset[str] = frozenset(),
    ) -> None:
        self.facts = edition.records(contract, inputs, later=later, beside=frozenset({CHECKS}))
        self._checks, self.later = checks, later

    def read(self, application: Mapping[str, Any], where: Span | None = None) -> Record:
        """The application's facts. Raises BadInput; see `RecordReader.read`."""
        return self.facts.read(application, where)

    def checks(self, application: Mapping[str, Any], where: Span | None = None) -> dict[str, str]:
        """The results of checks that came with the application. Raises BadInput for others."""
        given = application.get(CHECKS)
        if given is None:
            return {}
        if not isinstance(given, Mapping):
            raise BadInput(
                "`checks` must map names of checks to 'passed' or 'stopped'",
                where=where,
                field=CHECKS,
                mend='write {"name": "passed"}, or leave `checks` out',
            )
        for name, result in given.items():
            if name not in self._checks:
                raise BadInput(
                    f"'{name}' is not a check of this strategy",
                    where=where,
                    field=CHECKS,
                    mend=did_you_mean(str(name), self._checks),
                )
            if result not in RESULTS:
                raise BadInput(
                    f"the result of '{name}' is {result!r:.40}, neither passed nor stopped",
                    where=where,
                    field=CHECKS,
                    mend="give one of them, or leave the check out until it is in",
                )
        # In the order in which the record keeps them: the first that stopped is named.
        return dict(sorted(given.items()))
