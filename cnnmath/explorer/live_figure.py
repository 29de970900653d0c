"""What every live figure is: an element of a page, and a widget, that run the same JavaScript.

Its modules are in `js/`, its style sheets in `css/`; `make bundle` makes of them what is read here.
"""

import json
import os
from importlib.resources import files
from typing import Any

import anywidget
import traitlets

from cnnmath.core import wording
from cnnmath.errors import CnnMathError
from cnnmath.explorer.standalone import file_of, page_of

# JupyterLab knows of no widgets that were installed while it was open.
_NOT_RUN = (
    '<p class="cx-not-run"><em>Run the cell, and this figure can be touched. '
    "If it cannot then, reload the page in the browser.</em></p>"
)
# Nor does a link of the text lead into a figure there that has not run; once it has, its element,
# and with it this style sheet, is another. The words stand over the text, which does not move.
_LINKS_SAY_SO = (
    '<style>.jp-MarkdownCell a[href^="#NAME:"]:is(:hover,:focus)::after'
    '{content:"first run the cell of the figure";position:absolute;z-index:1;padding:0 .4em;'
    "background:var(--jp-layout-color2);color:var(--jp-content-font-color1)}</style>"
)


def page_script() -> str:
    """The script of the built page: classic, since a page opened from disk runs no modules.

    Raises FileNotFoundError if nothing has been bundled yet, as the next two do.
    """
    return bundled("page.js")


def widget_script() -> str:
    """The module of the widget, for every kind of figure."""
    return bundled("widget.js")


def style() -> str:
    """The style sheet, for widget and page."""
    return bundled("figure.css")


def bundled(name: str) -> str:
    """A file that `make bundle` has made. Raises FileNotFoundError before."""
    file = files(__package__).joinpath("bundle", name)
    if not file.is_file():
        raise FileNotFoundError(f"there is no {file}: run `make bundle` first")
    return file.read_text("utf-8")


def embedded(state: dict[str, Any]) -> str:
    """The state as JSON that can stand in a page."""
    text = json.dumps(state, separators=(",", ":"), allow_nan=False, ensure_ascii=False)
    return text.replace("<", "\\u003c")  # no </script> and no <!-- may end it early


class LiveFigure(anywidget.AnyWidget):
    """A figure: live in JupyterLab and in the built page, and a still picture elsewhere.

    A kind of figure says what it is now (`page_state`, `still`). Which of its traits the reader
    moves, its JavaScript knows from its state.
    """

    ELEMENT = "cnnmath-figure"
    """The class of its element in a page, by which the script of the page finds it."""

    # The files of the bundle that it runs: in a page, as a widget, and how it looks in both.
    SCRIPT = "page.js"
    MODULE = "widget.js"
    STYLES: tuple[str, ...] = ("figure.css",)

    # Read when a figure is made: cnnmath can be imported before anything has been bundled.
    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)

    state = traitlets.Dict().tag(sync=True)  # what never changes

    @traitlets.default("_esm")
    def _module(self) -> str:
        return bundled(self.MODULE)

    @traitlets.default("_css")
    def _style(self) -> str:
        return "".join(map(bundled, self.STYLES))

    def __setattr__(self, name: str, value: Any) -> None:
        # Python would set it, and the figure would stay as it was.
        if not name.startswith("_") and not hasattr(type(self), name):
            raise CnnMathError(self.instead_of(name))
        super().__setattr__(name, value)

    def instead_of(self, name: str) -> str:
        """What to write instead of setting what no trait of the figure holds."""
        known = {*self.trait_names(sync=True)} - {*anywidget.AnyWidget.class_trait_names()}
        own = sorted(trait for trait in known if trait[0] != "_" and trait != "state")
        hint = wording.meant(name, own)
        return f"a figure has no {name} to be set: it has {', '.join(own)}{hint}"

    def page_state(self) -> dict[str, Any]:
        """The state, and the traits as they are now."""
        raise NotImplementedError

    def still(self) -> str:
        """HTML that shows the figure as it is now, without a script."""
        raise NotImplementedError

    def page(self) -> str:
        """The figure for a page: its state as JSON, and a still picture of it till then."""
        script = f'<script type="application/json">{embedded(self.page_state())}</script>'
        name = self.state.get("name")
        place, links = (f' id="figure-{name}"', _LINKS_SAY_SO) if name else ("", "")
        not_run = _NOT_RUN + links.replace("NAME", str(name))
        return f'<div class="{self.ELEMENT}"{place}>{script}{not_run}{self.still()}</div>'

    def save(self, path: str | os.PathLike[str], *, theme: str | None = None) -> None:
        """Write the figure, as it is now, into a page of its own: one HTML file, alive wherever it
        is opened, from disk too. A file that was there is written anew.

        path : such as "figure.html"
        theme : "light" or "dark", for a frame in a page that is always so; else the page follows
            the reader's system

        Raises CnnMathError if that is no HTML file in a folder that is there, or no theme.
        """
        file = file_of(path)
        style = "".join(map(bundled, self.STYLES))
        caption = str(self.state["caption"])
        page = page_of(caption, self.page(), style, bundled(self.SCRIPT), theme)
        file.write_text(page, encoding="utf-8")

    def _repr_mimebundle_(self, **options: Any) -> Any:
        bundle = super()._repr_mimebundle_(**options)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        if data is not None:
            data["text/plain"] = repr(self)
            data["text/html"] = self.page()
        return bundle
