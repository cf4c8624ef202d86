"""What people hand in as files, made harmless: one still picture, or pages without anything active.

`cleaning` is the way in; `images` and `documents` make a new file of what is seen in the old one,
and run in a process of their own (`child`). `refusals` says why a file is not taken, `scanner` asks
a virus scanner, `incoming` is how a file comes in a form, and `handing_out` how it goes out.
"""

from equipoise.service.platform.papers.cleaning import MOST_BYTES, PDF, Cleaned, clean
from equipoise.service.platform.papers.refusals import NotTaken, Why

__all__ = ["MOST_BYTES", "PDF", "Cleaned", "NotTaken", "Why", "clean"]
