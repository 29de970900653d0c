"""What the tests know of the chapter *The source, checked*."""

ANSWERS = {
    "source-checked-01": [
        [
            (0, "That is what the article prints: one kernel sends its gradient back"),
            (1, "That reads the gradients of places that begin after the pixel"),
            (2, "✓ Right."),
        ],
    ],
    "source-checked-04": [
        [
            (0, "That is what the article prints, and it stops nothing"),
            (2, "That lets pass what it should stop"),
            (1, "✓ Right."),
        ],
    ],
    "source-checked-07": [
        [
            (0, "That takes 0 where all of a window is below 0"),
            (1, "That is what the article prints. At a[0, 0] it gives 5, where −1 is right."),
            (2, "That window moves by one pixel only"),
            (4, "That window is three wide"),
            (3, "✓ Right."),
        ],
    ],
    "source-checked-10": [
        [
            (0, "That gives it to the whole window"),
            (1, "That gives the whole gradient to each of two pixels"),
            (2, "✓ Right."),
        ],
    ],
    "source-checked-13": [
        [
            (1, "That adds the bias once for each channel"),
            (2, "That is what the article prints: the sum runs over c"),
            (0, "✓ Right."),
        ],
    ],
    "source-checked-15": [
        [
            (1, "That is what the article prints: every channel's weights"),
            (2, "That adds up over the channels, but a weight"),
            (0, "✓ Right."),
        ],
    ],
    "source-checked-17": [
        [
            (0, "That takes one kernel of two"),
            (2, "That adds up over the channels, and all channels"),
            (1, "✓ Right."),
        ],
    ],
}
