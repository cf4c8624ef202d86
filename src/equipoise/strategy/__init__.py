"""The strategy: one sealed document that decides one application or millions, and says why."""
