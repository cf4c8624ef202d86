"""Incidents and what is learned of them."""

from equipoise.watch.incidents import incident, post_mortem
from equipoise.watch.incidents.incident import Held, Incident, Noted, Task
from equipoise.watch.incidents.post_mortem import Action, PostMortem, Replayed

__all__ = [
    "Action",
    "Held",
    "Incident",
    "Noted",
    "PostMortem",
    "Replayed",
    "Task",
    "incident",
    "post_mortem",
]
