"""Vega-Lite specs of the report's charts, as plain JSON objects."""
