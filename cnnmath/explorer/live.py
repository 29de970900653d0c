"""What every live figure is: an element of a page, and a widget, that run the same JavaScript."""

import json
from importlib.resources import files
from typing import Any

import anywidget
import traitlets

_SOURCES = (
    "numbers", "evaluate", "expand", "model",  # run without a browser
    "theme", "element", "colour", "grid", "arrange", "hands", "sum", "field", "editor", "player",
    "figure", "curve", "plot", "curves", "mount",
)  # fmt: skip


def source() -> str:
    """The JavaScript of the figures: plain declarations, for a scope of their own."""
    return "\n".join(_file(f"{name}.js") for name in _SOURCES)


def page_script() -> str:
    """The script of the built page: classic, since a page opened from disk runs no modules."""
    return f"(() => {{\n{source()}\n{_file('page.js')}}})();\n"


def widget_script(*traits: str) -> str:
    """The module of a widget, which keeps these traits in step with Python."""
    names = ", ".join(map(json.dumps, traits))
    return f"{source()}\n{_file('widget.js')}\nexport default widget({names});\n"


def style() -> str:
    """The style sheet, for widget and page."""
    return _file("explorer.css") + _file("curves.css")


def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8")


def embedded(state: dict[str, Any]) -> str:
    """The state as JSON that can stand in a page."""
    text = json.dumps(state, separators=(",", ":"), allow_nan=False, ensure_ascii=False)
    return text.replace("<", "\\u003c")  # no </script> and no <!-- may end it early


class LiveFigure(anywidget.AnyWidget):
    """A figure: live in JupyterLab and in the built page, and a still picture elsewhere.

    A kind of figure says what it is now (`page_state`, `still`), and with `widget_script` in
    `_esm` which of its traits the reader moves.
    """

    _css = style()

    state = traitlets.Dict().tag(sync=True)  # what never changes

    def page_state(self) -> dict[str, Any]:
        """The state, and the traits as they are now."""
        raise NotImplementedError

    def still(self) -> str:
        """HTML that shows the figure as it is now, without a script."""
        raise NotImplementedError

    def page(self) -> str:
        """The figure for a page: its state as JSON, and a still picture of it till then."""
        script = f'<script type="application/json">{embedded(self.page_state())}</script>'
        return f'<div class="cnnmath-figure">{script}{self.still()}</div>'

    def _repr_mimebundle_(self, **options: Any) -> Any:
        bundle = super()._repr_mimebundle_(**options)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        if data is not None:
            data["text/plain"] = repr(self)
            data["text/html"] = self.page()
        return bundle
