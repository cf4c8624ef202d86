"""The whole strategy as one SQL query: the same program, stage by stage."""
