"""Whether anybody looks: at a terminal, or at a notebook in JupyterLab."""

import os
import sys


def is_watched() -> bool:
    """Whether a bar that moves would be seen. In a log or in a stored output it would be noise."""
    return sys.stderr.isatty() or "JPY_SESSION_NAME" in os.environ  # set by a Jupyter server
