"""The live value model of a sealed strategy: the same bits live, in batches and in SQL."""

from equipoise.value.compiled.figures import Figures, figures_of
from equipoise.value.compiled.sql import INPUTS, TERMS, Question
from equipoise.value.compiled.valuer import Chosen, ChosenMany, Valuer

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
