"""From sums to verdicts: how surprising a reading is, and what that is worth among all others."""
