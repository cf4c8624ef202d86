"""What would teach us most: assumptions ranked by what knowing them is worth, and how to know."""

from equipoise.review.learning.experiments import Experiment, Flow
from equipoise.review.learning.information import Worth
from equipoise.review.learning.priors import Prior
from equipoise.review.learning.ranking import Learning, Lesson, learn
from equipoise.review.learning.stand import Stand

__all__ = ["Experiment", "Flow", "Learning", "Lesson", "Prior", "Stand", "Worth", "learn"]
