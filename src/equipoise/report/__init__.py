"""The self-contained HTML report of a fit and a balance, and its charts."""

from equipoise.report.page import frontier_svg, render

__all__ = ["frontier_svg", "render"]
