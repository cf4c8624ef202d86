"""Files of applications and of answers."""
