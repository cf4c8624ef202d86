from .experiments import Experiment as Experiment
from .experiments import Flow as Flow
from .information import Worth as Worth
from .priors import Prior as Prior
from .ranking import Learning as Learning
from .ranking import Lesson as Lesson
from .ranking import learn as learn
from .stand import Stand as Stand
