"""Tables as people write them: what a file is, how it is laid out, and its rows."""
