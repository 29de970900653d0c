"""axe-core, which finds what keeps people from using a page."""

from typing import TYPE_CHECKING

from conftest import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCRIPT = ROOT / "node_modules/axe-core/axe.min.js"
"""Where `npm ci` puts it."""

# A rule, and what it finds by mistake: axe reads no MathML, which screen readers do.
MISTAKEN = {"empty-table-header": ":has(math)"}


def bring(page: "Page") -> None:
    """Put axe into a page, if it is not there yet."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT.read_text("utf-8"))


def findings(page: "Page", *rules: str, without: str = "") -> list[str]:
    """What axe finds wrong on a page, by all rules, by some or without one, for each element."""
    bring(page)
    # How large a target is, axe looks at only when it is told to.
    every = {"target-size": {"enabled": True}} | ({without: {"enabled": False}} if without else {})
    options = {"runOnly": rules} if rules else {"rules": every}
    found: list[str] = page.evaluate(_FIND, [options, MISTAKEN])
    return found


# axe goes through every element, and most are those of which KaTeX builds a formula. They are
# hidden from screen readers, which read the MathML beside them, so meanwhile boxes of their size
# stand for them, and of the MathML, of which axe knows nothing, its text. Drawings, of thousands of
# strokes, are hidden too and described beside: they are empty meanwhile, and so are closed folds.
# Of code, whose every word has an element, the text stands there. The contrast of formulas, which
# axe cannot judge, and of code is measured in test_pages.py.
_FIND = """async ([options, mistaken]) => {
    const parts = (css) =>
        [...document.querySelectorAll(css)].map((whole) => [whole, [...whole.childNodes]]);
    const folds = parts("details:not([open])");
    for (const [fold] of folds) fold.replaceChildren(fold.querySelector(":scope > summary") ?? "");
    const boxes = [...document.querySelectorAll(".katex-html")].map((formula) => {
        const { width, height } = formula.getBoundingClientRect();
        const box = document.createElement("span");
        box.style.cssText = `display: inline-block; width: ${width}px; height: ${height}px`;
        return [box, formula];
    });
    const drawings = parts("svg[aria-hidden=true]");
    const texts = parts(".katex-mathml math, .highlight pre");
    for (const [svg] of drawings) svg.replaceChildren();
    for (const [whole] of texts) whole.replaceChildren(whole.textContent);
    for (const [box, formula] of boxes) formula.replaceWith(box);
    const more = { resultTypes: ["violations"], elementRef: true };
    const { violations } = await axe.run({ ...options, ...more });
    for (const [box, formula] of boxes) box.replaceWith(formula);
    for (const [whole, inner] of [...drawings, ...texts, ...folds]) whole.replaceChildren(...inner);
    return violations.flatMap(({ id, nodes }) => nodes
        .filter(({ element }) => !(id in mistaken && element.matches(mistaken[id])))
        .map(({ html, failureSummary: why }) => `${id}: ${html.slice(0, 200)}\n${why}`)
    );
}"""
