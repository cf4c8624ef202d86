"""Practice: a person answers cases whose outcome is known, blind, and is measured beside the model.

Choosing what comes next, scoring what was said, money, learning, and which facts were ignored or
leaned on too much; decks of past cases, and drills of procedures. Whose answers they are, and who
may see them, is the service's. `drawing` stands by itself: it reads tables, and is large.
"""

from equipoise.review.practice.answers import STEPS, Answers, to_step
from equipoise.review.practice.choosing import Seen, next_case
from equipoise.review.practice.deck import Case, Deck, evenly, read_deck, simulated_deck
from equipoise.review.practice.drilling import Done, Drill, due, our_drills, read_drills, said_in
from equipoise.review.practice.kinds import cut, kinds, near
from equipoise.review.practice.lens import Leaning, Lens, Sway, through_the_lens
from equipoise.review.practice.results import Part, Results, Skill, measure_practice
from equipoise.review.practice.shown import LEAST, earned, shown_fields, valued

__all__ = [
    "LEAST",
    "STEPS",
    "Answers",
    "Case",
    "Deck",
    "Done",
    "Drill",
    "Leaning",
    "Lens",
    "Part",
    "Results",
    "Seen",
    "Skill",
    "Sway",
    "cut",
    "due",
    "earned",
    "evenly",
    "kinds",
    "measure_practice",
    "near",
    "next_case",
    "our_drills",
    "read_deck",
    "read_drills",
    "said_in",
    "shown_fields",
    "simulated_deck",
    "through_the_lens",
    "to_step",
    "valued",
]
