from .letter import Due as Due
from .letter import Letter as Letter
from .letter import Party as Party
from .letter import Review as Review
from .letter import Terms as Terms
from .printing import Printed as Printed
from .printing import pdf_of as pdf_of
from .wording import WORDING as WORDING
