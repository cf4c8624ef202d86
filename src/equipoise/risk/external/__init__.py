"""The lender's own models: bound to our features, calibrated if asked, and judged like ours."""
