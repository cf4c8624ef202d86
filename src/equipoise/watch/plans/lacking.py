"""What a sound plans.yaml still lacks: nobody is refused for it, and somebody should look."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.documents import Loaded
from equipoise.watch.plans.document import PlansDocument
from equipoise.watch.plans.running import call_tree


def gaps(loaded: Loaded[PlansDocument]) -> tuple[str, ...]:
    """Roles that hang on one person, and switches that no step turns on, each with its line."""
    return (*_alone(loaded), *_idle(loaded))


def _alone(loaded: Loaded[PlansDocument]) -> Iterator[str]:
    document = loaded.value
    for at, contact in enumerate(document.contacts):
        people = {person for person, _ in call_tree(document, contact.role)}
        if len(people) == 1:
            yield (
                f"{loaded.span('contacts', at, 'people')}  nobody is called where {people.pop()} "
                f"does not answer for '{contact.role}'; name a deputy, or a role in `then`"
            )


def _idle(loaded: Loaded[PlansDocument]) -> Iterator[str]:
    for at, plan in enumerate(loaded.value.plans):
        turned = {step.switch for step in plan.steps}
        for place, switch in enumerate(plan.switches):
            if switch.name not in turned:
                where = loaded.span("plans", at, "switches", place)
                yield f"{where}  no step of '{plan.name}' turns on '{switch.name}'"
