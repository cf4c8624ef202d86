"""The risk officer's pages, below `/risk/`: what is watched, what rings, and who has it."""
