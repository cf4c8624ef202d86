"""The live value model of a sealed strategy: the same bits live, in batches and in SQL."""

from equipoise.strategy.valuing.figures import Figures, figures_of
from equipoise.strategy.valuing.sql import INPUTS, TERMS, Question
from equipoise.strategy.valuing.valuer import Chosen, ChosenMany, Valuer

__all__ = [
    "INPUTS",
    "TERMS",
    "Chosen",
    "ChosenMany",
    "Figures",
    "Question",
    "Valuer",
    "figures_of",
]
