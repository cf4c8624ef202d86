"""Practice: a person answers cases whose outcome is known, blind, and is measured beside the model.

Choosing what comes next, scoring what was said, money, learning, and which facts were ignored or
leaned on too much. Pure: whose answers they are, and who may see them, is the service's.
"""

from equipoise.review.practice.answers import STEPS, Answers, to_step
from equipoise.review.practice.choosing import Seen, next_case
from equipoise.review.practice.kinds import cut, kinds, near
from equipoise.review.practice.lens import Leaning, Lens, Sway, through_the_lens
from equipoise.review.practice.results import Part, Results, Skill, measure_practice

__all__ = [
    "STEPS",
    "Answers",
    "Leaning",
    "Lens",
    "Part",
    "Results",
    "Seen",
    "Skill",
    "Sway",
    "cut",
    "kinds",
    "measure_practice",
    "near",
    "next_case",
    "through_the_lens",
    "to_step",
]
