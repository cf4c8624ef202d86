"""For the service owner: where people wait, leave and come back, and what that buys in risk."""
