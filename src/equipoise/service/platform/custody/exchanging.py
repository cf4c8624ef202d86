"""New keys, by command of whoever owns the machine: a newer master key, another signing key.

A key that replaces another is written beside it, noted, and then put in place: where that is cut
off, the next start or command puts it there, or throws away what was not noted (`finish`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from equipoise.errors import BadInput, GateRefused
from equipoise.record.personal import Keyring
from equipoise.service.platform import keyfiles
from equipoise.service.platform.custody import fingerprints, fitting
from equipoise.service.platform.custody.events import CustodyReplaced
from equipoise.service.platform.custody.models import Fingerprint
from equipoise.service.platform.custody.recorded import CHAIN
from equipoise.service.platform.keyfiles import MASTER_KEYS, SECRET_KEY, SIGNING_KEY, Secret
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import signers, witness
from equipoise.service.platform.record.signing import last_checkpoint

REPLACEABLE = {each.file: each for each in (SIGNING_KEY, SECRET_KEY)}
_OWNER = "system.owner"


@dataclass(frozen=True, slots=True)
class Replaced:
    """A key that has the place of another, by their fingerprints. `variable` is what gives it;
    empty where it was made and lies in the folder."""

    key: str
    former: str
    fingerprint: str
    variable: str

    def as_dict(self) -> dict[str, Any]:
        """As plain data, for `--json`."""
        return asdict(self)


def add_master_key() -> int:
    """Make a newer master key beside those there are; its version. It counts from the next start.

    Raises GateRefused where the environment gives them, BadInput where those here do not fit.
    """
    configuration = settings.CONFIGURATION
    fitting.check()
    text = MASTER_KEYS.text(configuration)
    version = Keyring.read(text).newest + 1
    if MASTER_KEYS.by_environment(configuration):
        raise GateRefused(
            f"{MASTER_KEYS.variable} gives the master keys",
            field=MASTER_KEYS.variable,
            mend=f"add `{version}:` and 64 hex digits to it, after a comma, and start again",
        )
    path = MASTER_KEYS.path(configuration)
    keyfiles.written_apart(path, f"{text}\n{version}:{keyfiles.random_key()}").replace(path)
    keyfiles.sync_folder(path.parent)
    return version


def replace(file: str, reason: str) -> Replaced:
    """Have another key in place of one that is lost, or that others may have seen: the one that
    the environment gives, or else one that is made.

    What the former signing key signed stays proved: the new one vouches for it. Raises BadInput
    for a key that cannot be replaced, or is still the former.
    """
    if file not in REPLACEABLE:
        raise BadInput(
            f"'{file}' cannot be replaced",
            field="KEY",
            mend=f"it is one of {', '.join(REPLACEABLE)}; master keys are added, and all stay",
        )
    secret = REPLACEABLE[file]
    environment = secret.by_environment(settings.CONFIGURATION)
    text = environment or secret.make()
    [now] = fingerprints.of(secret, text).values()
    former = fitting.known()[secret.name]
    if now == former:
        raise BadInput(
            f"{secret.variable} still gives the former {secret.name}",
            field=secret.variable,
            mend="give the new one, and say it again",
        )
    if not environment:
        keyfiles.written_apart(secret.path(settings.CONFIGURATION), text).replace(_beside(secret))
    with _nobody_signing():
        _note(secret, former, now, text, reason)
    finish()
    return Replaced(secret.name, former, now, secret.variable if environment else "")


def finish() -> None:
    """Put in place what a replacement that was cut off left beside, where it was noted."""
    needed = fitting.known()
    for secret in REPLACEABLE.values():
        beside = _beside(secret)
        if not beside.exists():
            continue
        [digest] = fingerprints.of(secret, keyfiles.read_secret(beside)).values()
        if digest == needed.get(secret.name):
            beside.replace(secret.path(settings.CONFIGURATION))
        else:
            beside.unlink()
        keyfiles.sync_folder(beside.parent)


def _note(secret: Secret, former: str, now: str, text: str, reason: str) -> None:
    vouches = None
    with transaction.atomic():
        Fingerprint.objects.filter(name=secret.name).update(digest=now)
        if secret is SIGNING_KEY:
            vouches = signers.vouching(former, last_checkpoint(), record.read_signing_key(text))
        replaced = CustodyReplaced(
            fingerprints={secret.name: now},
            former=former,
            by=_OWNER,
            reason=reason,
            vouches=vouches,
        )
        record.append(record.event(CHAIN, replaced))


@contextmanager
def _nobody_signing() -> Iterator[None]:
    """What is signed is signed before, or with the new key; without a witness nothing is."""
    path = witness.own_witness()
    with witness.held(path) if path.exists() else nullcontext():
        yield


def _beside(secret: Secret) -> Path:
    path = secret.path(settings.CONFIGURATION)
    return path.with_name(f".{path.name}.next")
