"""From LaTeX to the tree of a formula, and back."""
