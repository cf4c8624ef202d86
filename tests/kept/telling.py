"""What a kept lender's service tells, once this version has opened it and brought it up to date.

python tests/kept/telling.py FOLDER      DATABASE_URL says where, else SQLite in the folder
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from kept_people import ADMINISTRATOR, AUDITOR, OFFICER, browser

from equipoise.service.commands.starting import make_ready

PASSING = {"message", "remarks", "waits", "ends_soon", "maker_left"}


def told() -> dict[str, Any]:
    """Every list that the API has of what was done there, and its events counted by type."""
    from equipoise.service.commands.first_start import prepare

    prepare()
    events = _events()  # before anybody asks for anything
    auditor, officer, boss = browser(AUDITOR), browser(OFFICER), browser(ADMINISTRATOR)
    decisions = _all(officer, "/v1/decisions")
    batches = _all(auditor, "/v1/batches")
    trials = _all(auditor, "/v1/trials")
    hooks = _all(boss, "/v1/webhooks")
    of = "/v1/decisions/{}/"
    by_name = {
        "events": events,
        "decisions": decisions,
        "applications": {
            each["application"]: _one(officer, f"/v1/applications/{each['application']}")
            for each in decisions
        },
        "explained": _each(auditor, of + "explanation?for=auditor", decisions, _status),
        "outcomes": _each(officer, of + "outcomes", decisions),
        "batches": batches,
        "results": {each["id"]: _result(auditor, each["id"]) for each in batches},
        "strategies": _all(auditor, "/v1/strategies"),
        "publications": _all(auditor, "/v1/publications"),
        "trials": trials,
        "shadows": _each(auditor, "/v1/trials/{}/shadows", trials),
        "webhooks": hooks,
        "deliveries": {
            each["id"]: _all(boss, f"/v1/webhooks/{each['id']}/deliveries") for each in hooks
        },
        "officers": _one(auditor, "/v1/officers"),
        "erasures": _all(boss, "/v1/erasures"),
        "users": _all(boss, "/v1/users"),
        "keys": _all(boss, "/v1/keys"),
    }
    return dict(_lasting(by_name))


def _lasting(value: Any) -> Any:
    """Without sentences, which may be put otherwise, and what follows the clock."""
    if isinstance(value, dict):
        return {name: _lasting(each) for name, each in value.items() if name not in PASSING}
    return [_lasting(each) for each in value] if isinstance(value, list) else value


def _events() -> dict[str, int]:
    """How many there are of each type; every one is read into its own."""
    from equipoise.record.events import Event
    from equipoise.service.platform.record import services as record

    types = [type(each.event) for each in record.read((Event,))]
    return dict(sorted(Counter(f"{each.kind} {each.version}" for each in types).items()))


def _one(client: Any, path: str) -> Any:
    answer = client.get(path)
    return answer.json() if answer.status_code == 200 else {"status": answer.status_code}


def _status(client: Any, path: str) -> int:
    return int(client.get(path).status_code)


def _each(client: Any, path: str, rows: list[Any], ask: Any = _one) -> dict[str, Any]:
    return {str(each["id"]): ask(client, path.format(each["id"])) for each in rows}


def _all(client: Any, path: str) -> list[Any]:
    """Every page of a list."""
    items, after = [], None
    while True:
        answer = client.get(path, {"limit": 100, **({"after": after} if after else {})})
        assert answer.status_code == 200, (path, answer.content)
        page = answer.json()
        items += page["items"]
        after = page["next"]
        if not after:
            return items


def _result(client: Any, batch: str) -> Any:
    """The digest of a batch's answers, or why there are none."""
    answer = client.get(f"/v1/batches/{batch}/result")
    if answer.status_code != 200:
        return {"status": answer.status_code}
    return hashlib.sha256(answer.getvalue()).hexdigest()


if __name__ == "__main__":
    make_ready(Path(sys.argv[1]))
    text = json.dumps(told(), indent=1, sort_keys=True, ensure_ascii=False)
    sys.stdout.write(text + "\n")
