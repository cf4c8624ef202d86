"""Who answers for a challenger is written to when its guardrail is broken: whoever put it on trial
and whoever wrote it."""

from __future__ import annotations

from equipoise.errors import EquipoiseError
from equipoise.service.contexts.registry.reading import VersionSummary, loaded
from equipoise.service.contexts.trials.events import PeopleTold
from equipoise.service.contexts.trials.guardrails import Then
from equipoise.service.contexts.trials.models import Breach, Trial
from equipoise.service.contexts.trials.telling import SYSTEM
from equipoise.service.platform.accounts import reading as accounts
from equipoise.service.platform.messages.services import Purpose, email, send
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects
from equipoise.strategy.explaining.names import language_of
from equipoise.texts.numbers import points, signed
from equipoise.texts.saying import speaking
from equipoise.texts.trials import measure_name


def call(trial: Trial, version: VersionSummary, broken: Breach) -> None:
    """Write to them, each in the language in which they last looked at a page, else in the
    strategy's, in the transaction that writes down what was broken. Whoever has no address, or
    where nothing is sent from here, reads it on the trial's page all the same."""
    people = sorted({trial.begun_by, *version.authors} - {""})
    names = accounts.usernames(people)
    chain = subjects.new_id("trial_call")
    event = PeopleTold(
        trial=trial.pk, by=SYSTEM, digest=version.digest, measure=broken.measure, people=people
    )
    record.append(subjects.seal_new(chain, {}).event(event))
    text = "trial_stopped" if broken.then == Then.STOP else "trial_guardrail"
    lenders = language_of(loaded(trial.champion).content)
    for person in people:
        address = accounts.address_of(names.get(person, ""))
        if address:
            language = accounts.language_of(person) or lenders
            _write(chain, address, text, language, _values(trial, version, broken, language))


def _values(trial: Trial, version: VersionSummary, broken: Breach, language: str) -> dict[str, str]:
    with speaking(language):
        return {
            "trial": trial.experiment,
            "version": str(version.number),
            "measure": measure_name(broken.measure),
            "change": signed(points(broken.difference)),
            "bound": signed(points(broken.bound)),
        }


def _write(chain: str, address: str, text: str, language: str, values: dict[str, str]) -> None:
    try:
        send(chain, email(address), text, language, values, purpose=Purpose.DUTY)
    except EquipoiseError:  # nothing is sent from here, or the address takes nothing
        return
