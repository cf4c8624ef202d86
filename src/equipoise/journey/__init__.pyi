from .answers import Answer as Answer
from .answers import read_answer as read_answer
from .freetext import comparable as comparable
from .refusal import NotRead as NotRead
