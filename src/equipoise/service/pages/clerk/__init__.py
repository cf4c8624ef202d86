"""For clerks at a branch and agents on the telephone: helping applicants who are present."""
