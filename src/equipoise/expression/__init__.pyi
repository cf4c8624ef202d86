from .dialects import DIALECT_NAMES as DIALECT_NAMES
from .dialects import DIALECTS as DIALECTS
from .dialects import Dialect as Dialect
from .dialects import DialectName as DialectName
from .dialects import literal as literal
from .dialects import number as number
from .dialects import quoted as quoted
from .faults import ExpressionError as ExpressionError
from .language import Expression as Expression
from .language import compile as compile  # noqa: A004
from .language import compile_many as compile_many
