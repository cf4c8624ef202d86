"""The report's sections, one module each: what to say and show, from the story alone."""
