from .frontier import Point as Point
from .frontier import Taken as Taken
from .frontier import take as take
from .table import Distilled as Distilled
from .table import distil as distil
from .writing import with_sections as with_sections
