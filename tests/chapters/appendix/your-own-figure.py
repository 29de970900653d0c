"""What the tests know of the chapter *Your own figure*."""

ANSWERS = {
    "your-own-figure-6": [
        [("4", "That is the sum without the temperature"), ("2", "✓ Yes, 2.")],
    ],
}
