"""Files that leave the house: what a page shows, as CSV or Parquet. It knows nothing of credit:
whoever exports says what it is, which columns it has, and hands in rows.

Pure: `writing` (both formats; a cell that a spreadsheet would take for a formula cannot be one).
With a disk: `files`. The faces are `services` and `reading`. A file holds no personal facts: those
stay where each look at them is recorded.

It appends `export.made`, before the first byte leaves, and runs one job: files are removed again.
"""
