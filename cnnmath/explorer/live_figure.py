"""What every live figure is: an element of a page, and a widget, that run the same JavaScript.

Its modules are in `js/`, its style sheets in `css/`; `make bundle` makes of them what is read here.
"""

import json
from importlib.resources import files
from typing import Any

import anywidget
import traitlets


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

    # Read when a figure is made: cnnmath can be imported before anything has been bundled.
    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)

    state = traitlets.Dict().tag(sync=True)  # what never changes

    @traitlets.default("_esm")
    def _module(self) -> str:
        return widget_script()

    @traitlets.default("_css")
    def _style(self) -> str:
        return style()

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
        place = f' id="figure-{name}"' if name else ""
        return f'<div class="{self.ELEMENT}"{place}>{script}{self.still()}</div>'

    def _repr_mimebundle_(self, **options: Any) -> Any:
        bundle = super()._repr_mimebundle_(**options)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        if data is not None:
            data["text/plain"] = repr(self)
            data["text/html"] = self.page()
        return bundle
