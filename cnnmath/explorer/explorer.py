"""`explore`: a live figure as a widget, and as an element of the built page."""

import html
import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import anywidget
import numpy as np
import traitlets
from numpy.typing import ArrayLike

from cnnmath.errors import CnnMathError, ShapeError, SuperfluousArrayError
from cnnmath.explorer.state import (
    Array,
    array_from_json,
    array_to_json,
    bound_formula,
    looks,
    plain_array,
)
from cnnmath.formula import Formula

_SOURCES = ("evaluate.js", "model.js", "figure.js")

# A widget is a module that exports `render`; the page has a classic script, since modules do not
# run from a page that is opened from disk.
_WIDGET = """
export default {
  render({ model, el }) {
    const root = document.createElement("div");
    el.append(root);
    const state = { ...model.get("state"), arrays: model.get("arrays") };
    let own = false;
    const plain = (array) => ({ shape: array.shape, data: Array.from(array.data) });
    const figure = mountFigure(root, state, (arrays) => {
      own = true;
      const sent = Object.entries(arrays).map(([name, array]) => [name, plain(array)]);
      model.set("arrays", Object.fromEntries(sent));
      model.save_changes();
      own = false;
    });
    model.on("change:arrays", () => own || figure.setArrays(model.get("arrays")));
  },
};
"""
_PAGE = '\ndocument.readyState === "loading"\n  ? document.addEventListener("DOMContentLoaded", bringToLife)\n  : bringToLife();\n'


def _source() -> str:
    return "\n".join(files(__package__).joinpath(name).read_text("utf-8") for name in _SOURCES)


def page_script() -> str:
    """The script of the built page, in a scope of its own."""
    return f"(() => {{\n{_source()}{_PAGE}}})();\n"


def style() -> str:
    """The style sheet, for widget and page."""
    return files(__package__).joinpath("explorer.css").read_text("utf-8")


class Arrays(dict[str, Array]):
    """The given arrays of a figure: read like a dictionary; assigning one moves the figure."""

    def __init__(self, arrays: Mapping[str, Array], owner: "Explorer | None" = None) -> None:
        super().__init__(arrays)
        self._owner = owner

    def __setitem__(self, name: str, value: ArrayLike) -> None:
        if self._owner is None:
            super().__setitem__(name, plain_array(name, value))
        else:
            self._owner.assign(name, value)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Mapping)
            and self.keys() == other.keys()
            and all(np.array_equal(self[name], other[name]) for name in self)
        )

    __hash__ = None  # type: ignore[assignment]


def _to_json(arrays: Mapping[str, Array], _: Any) -> dict[str, Any]:
    return {name: array_to_json(array) for name, array in arrays.items()}


def _from_json(plain: Mapping[str, Any], owner: "Explorer") -> Arrays:
    return Arrays({n: array_from_json(n, a) for n, a in plain.items()}, owner)


class Explorer(anywidget.AnyWidget):
    """A live figure. `e.arrays["W"] = ...` moves it; `e.observe(f, "arrays")` hears of edits."""

    _esm = _source() + _WIDGET
    _css = style()

    state = traitlets.Dict().tag(sync=True)
    arrays = traitlets.Instance(Arrays).tag(sync=True, to_json=_to_json, from_json=_from_json)

    def __init__(
        self,
        formulas: tuple[Formula, ...],
        arrays: Mapping[str, Array],
        sizes: Mapping[str, int],
        state: dict[str, Any],
    ) -> None:
        self.formulas = formulas
        self._sizes = dict(sizes)
        super().__init__(state=state, arrays=Arrays(arrays, self))

    def assign(self, name: str, value: ArrayLike) -> None:
        """Give one array new values of the same shape.

        Raises SuperfluousArrayError, ShapeError or ArrayValueError.
        """
        if name not in self.arrays:
            raise SuperfluousArrayError(f"the figure has no array {name}: {', '.join(self.arrays)}")
        array = plain_array(name, value)
        if array.shape != self.arrays[name].shape:
            raise ShapeError(
                f"{name} has shape {self.arrays[name].shape} in the figure, not {array.shape}"
            )
        self.arrays = Arrays({**self.arrays, name: array}, self)

    @property
    def results(self) -> dict[str, Array]:
        """The results of the formulas for the arrays as they are now, by name."""
        known: dict[str, Any] = {**self.arrays, **self._sizes}
        found: dict[str, Array] = {}
        for formula in self.formulas:
            accepted = {*formula.names, *formula.sizes, *formula.shapes}
            given = {n: v for n, v in known.items() if n in accepted}
            found[formula.result] = known[formula.result] = formula(**given)
        return found

    def __repr__(self) -> str:
        shapes = ", ".join(f"{n} {a.shape}" for n, a in {**self.arrays, **self.results}.items())
        return f"Explorer({', '.join(f.name for f in self.formulas)}: {shapes})"

    def _repr_mimebundle_(self, **options: Any) -> Any:
        bundle = super()._repr_mimebundle_(**options)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        if data is not None:
            data["text/plain"] = repr(self)
            data["text/html"] = self.page()
        return bundle

    def page(self) -> str:
        """The figure for a page: its state as JSON, and a still table of the arrays till then."""
        state = {**self.state, "arrays": _to_json(self.arrays, None)}
        text = json.dumps(state, separators=(",", ":"), allow_nan=False, ensure_ascii=False)
        safe = text.replace("</", "<\\/").replace("<!--", "<\\!--")
        tables = "".join(_table(n, a) for n, a in {**self.arrays, **self.results}.items())
        return (
            f'<div class="cnnmath-figure"><script type="application/json">{safe}</script>'
            f"{tables}<p>{html.escape(self.state['caption'])}</p></div>"
        )


def _table(name: str, array: Array) -> str:
    """A still table of an array; of a large one its shape alone."""
    size = " × ".join(map(str, array.shape)) or "a number"
    title = f"<p><code>{html.escape(name)}</code> {size}</p>"
    if array.size > 200:
        return title
    planes = array.reshape((-1, *((1, 1) + array.shape)[-2:]))
    out = [title]
    for plane in planes:
        rows = "".join(
            "<tr>" + "".join(f"<td>{value:.4g}</td>" for value in row) + "</tr>" for row in plane
        )
        out.append(f"<table>{rows}</table>")
    return "".join(out)


def explore(
    *formulas: Formula,
    caption: str,
    images: tuple[str, ...] = (),
    presets: Mapping[str, Mapping[str, ArrayLike]] | None = None,
    at: tuple[str, tuple[int, ...]] | None = None,
    **arrays: ArrayLike,
) -> Explorer:
    """A live figure of one formula, or of several of which one reads what another gives.

    formulas : in the order in which data flows; two formulas of one name are compared
    caption : what the figure shows, in a sentence
    images : names of arrays that are pictures, from 0 (black) to 1 (white), to be painted on
    presets : for an array a menu of values by name, `{"W": {"blur": ...}}`
    at : the cell that is pinned at first, such as ("a", (0, 1, 2))
    arrays : all that the formulas read and do not calculate; sizes that no shape determines

    Raises CnnMathError, or what calling the formulas with these arrays raises.
    """
    if not formulas:
        raise CnnMathError("explore needs a formula: explore(convolution, x=..., W=...)")
    sizes = {
        name: value
        for name, value in arrays.items()
        if any(name in f.sizes and name not in f.shapes for f in formulas)
    }
    given = {n: plain_array(n, v) for n, v in arrays.items() if n not in sizes}
    known = dict(given)
    bound = []
    for formula in formulas:
        plain = bound_formula(formula, known, sizes)
        bound.append(plain)
        accepted = {*formula.names, *formula.sizes, *formula.shapes}
        known[formula.result] = formula(
            **{n: v for n, v in {**known, **sizes}.items() if n in accepted}
        )
    read = {name for formula in formulas for name in formula.names}
    unused = sorted(set(given) - read)
    if unused:
        raise SuperfluousArrayError(f"no formula of the figure reads {', '.join(unused)}")
    menus = {
        name: {
            label: array_to_json(_preset(name, value, given)) for label, value in choices.items()
        }
        for name, choices in (presets or {}).items()
    }
    state = {
        "formulas": bound,
        "looks": looks(formulas, list(known)),
        "images": list(images),
        "presets": menus,
        "caption": caption,
        "at": None if at is None else {"key": at[0], "place": list(at[1])},
    }
    return Explorer(formulas, given, sizes, state)


def _preset(name: str, value: ArrayLike, given: Mapping[str, Array]) -> Array:
    array = plain_array(name, value)
    if name not in given or array.shape != given[name].shape:
        raise ShapeError(
            f"a preset for {name} has shape {array.shape}: expected "
            f"{given[name].shape if name in given else 'an array that is given'}"
        )
    return array
