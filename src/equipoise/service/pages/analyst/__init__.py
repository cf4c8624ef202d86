"""For who makes strategies and approves them."""
