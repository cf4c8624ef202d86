"""Every sentence that decides or informs a person, and how numbers are written, by language."""
