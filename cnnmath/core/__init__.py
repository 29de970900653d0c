"""The tree of a formula, and what is done to it without arrays."""
