"""What the service does for a lender, one folder each.

In order, and none imports one that stands after it: `registry` (strategies from draft to retired),
`decisions` (one by one), `batches` (by the file), `trials`
(challengers) and `cases` (who decides beside the strategy), `erasing` (a person's
facts). Each has the same files: `apps`, `models`, `migrations`, `services` (writes), `reading`
(reads), `api`, `schemas`, `tasks`.
"""
