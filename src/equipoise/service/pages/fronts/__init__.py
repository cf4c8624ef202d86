"""For programs that are a lender's own front end: what the applicant's pages show, as JSON.

A program sees the drafts that it began, and no other; what it sends is what its applicant typed.

Rooms: `api`, `products_api`, `moving`, `agreeing`, `declines` and those named after what they are
about (the endpoints), `held` (whose draft it is, and what may go wrong), `telling` (a draft in the
pages' words).
"""
