from .figures import Figures as Figures
from .figures import figures_of as figures_of
from .sql import INPUTS as INPUTS
from .sql import TERMS as TERMS
from .sql import Question as Question
from .valuer import Chosen as Chosen
from .valuer import ChosenMany as ChosenMany
from .valuer import Valuer as Valuer
