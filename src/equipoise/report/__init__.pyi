from .book import render_book as render_book
from .comparison import render_comparison as render_comparison
from .fairness import render_fairness as render_fairness
from .page import frontier_svg as frontier_svg
from .page import render as render
from .page import render_summary as render_summary
from .trial import render_trial as render_trial
from .watched import render_watch as render_watch
