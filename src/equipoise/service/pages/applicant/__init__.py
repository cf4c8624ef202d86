"""Pages of a person who applies: from the first look to the answer, and what comes after.

An applicant is no user: whoever's browser holds a draft's secret has it (`guard.possessed`). Every
page works without JavaScript, and every way off a page keeps what stands in its boxes.
"""
