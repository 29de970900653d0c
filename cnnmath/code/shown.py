"""Source as a reader gets it: a text, which a notebook shows in a fold with a button to copy it."""

import html
from typing import Any

# It selects the text first, so that where nothing may be copied a reader has it selected.
_COPY = (
    "const code = this.closest('details').querySelector('code');"
    "getSelection().selectAllChildren(code);"
    "if (document.execCommand('copy')) this.textContent = 'Copied'"
)


class Source(str):
    """Python source: a string that can be printed, saved and run.

    Its last line is empty. In a notebook it shows itself in a fold, with a button that copies it.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": str(self), "text/html": self.page()}

    def page(self) -> str:
        """The source as HTML: a fold, in it the text and a button."""
        return "".join(self.folded("NumPy"))

    def folded(self, summary: str) -> list[str]:
        """The parts of that fold, which in Markdown have blank lines between them."""
        return [
            f'<details class="cnnmath-source"><summary>{html.escape(summary)}</summary>',
            "",
            f'<button type="button" onclick="{html.escape(_COPY)}">Copy</button>',
            "",
            f'<pre tabindex="0"><code>{html.escape(str(self))}</code></pre>',
            "",
            "</details>",
        ]
