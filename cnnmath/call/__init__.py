"""One call of a formula: numbers, an element written out, verdicts."""
