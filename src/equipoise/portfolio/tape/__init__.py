"""A loan tape: what a lender's systems tell of every loan, month by month, and its one reading."""
