"""The translator of conventions: from Python, and in Chromium without a network.

What it says of the libraries is held in tests/model/dialects.test.mjs.
"""

import gzip
import json

import axe
import pytest
from figure_page import message, settle
from playwright.sync_api import expect

from cnnmath.catalogue import relu, relu_gradient
from cnnmath.errors import ArrayValueError, CnnMathError
from cnnmath.explorer import Translator, curves, translator
from cnnmath.explorer.live_figure import bundled
from cnnmath.explorer.translator import EXAMPLES

STRIDED = 'layers.Conv2D(1, 3, strides=2, padding="same")'
TURNED = dict(EXAMPLES)["transposed, and turned"]

# ---- Python ------------------------------------------------------------------------------------


def test_what_is_typed_is_set_and_observed():
    t = translator("nn.MaxPool2d(2)", size=5)
    heard = []
    t.observe(lambda change: heard.append(change["new"]), "layer")
    t.layer = "nn.MaxPool2d(3)"
    t.set_state({"layer": "nn.MaxPool2d("})  # as the browser does, in the middle of a word
    assert heard == ["nn.MaxPool2d(3)", "nn.MaxPool2d("]
    assert repr(t) == "Translator('nn.MaxPool2d(')"


def test_the_page_holds_what_is_there_now():
    t = translator("nn.Conv2d(1, 1, 2)", caption="A <small> case.")
    t.size = 4
    page = t.page()
    state = page.split('json">')[1].split("</script>")[0]
    assert json.loads(state) == {
        "layer": "nn.Conv2d(1, 1, 2)",
        "size": 4,
        "kernel": 3,
        "caption": "A <small> case.",
        "examples": [list(example) for example in EXAMPLES],
    }
    assert page.startswith('<div class="cnnmath-translator">')
    assert "A &lt;small&gt; case." in page
    one, two = (translator(STRIDED)._repr_mimebundle_()[0] for _ in range(2))
    assert set(one) == {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"}
    assert one["text/html"] == two["text/html"]


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (lambda: translator(3), CnnMathError, "expected a text such as"),
        (lambda: translator(STRIDED, size=10), ArrayValueError, "size = 10: expected 2 to 9"),
        (lambda: translator(STRIDED, kernel=0), ArrayValueError, "kernel = 0: expected 1 to 7"),
    ],
    ids=["no text", "size", "kernel"],
)
def test_refused(make, error, said):
    with pytest.raises(error, match=said):
        make()


def test_a_bad_size_leaves_the_last_good_one():
    t = translator(STRIDED)
    with pytest.raises(ArrayValueError):
        t.size = 1
    assert isinstance(t, Translator)
    assert t.size == 6


def test_its_script_is_small_and_no_other_page_has_it():
    assert len(gzip.compress(bundled("translator.js").encode())) < 18 * 1024
    assert "conv_general_dilated" not in bundled("page.js") + bundled("widget.js")


# ---- Chromium ------------------------------------------------------------------------------------


@pytest.fixture
def open_translator(open_page):
    def open_(layer=STRIDED, *, dark=False, **options):
        page = open_page(
            translator(layer),
            script="",
            color_scheme="dark" if dark else "light",
            **options,
        )
        page.add_style_tag(content=bundled("translator.css"))
        page.add_script_tag(content=bundled("translator.js"))
        settle(page)
        return page

    return open_


def field(page):
    return page.get_by_label("A layer", exact=True)


def card(page, name):
    return page.get_by_role("region", name=name, exact=True)


def codes(page, name):
    """What stands in a card: the same layer, and the same words where they are others."""
    return card(page, name).locator("code").all_inner_texts()


def test_what_is_typed_is_read_in_the_others(open_translator):
    page = open_translator(STRIDED)
    assert codes(page, "PyTorch") == [
        "x = F.pad(x, (0, 1, 0, 1))\ny = nn.Conv2d(1, 1, 3, stride=2)(x)",
        'nn.Conv2d(1, 1, 3, stride=2, padding="same")',
    ]
    field(page).fill("")
    page.keyboard.type("nn.Conv2d(1, 1, 3, padding=1)")
    assert message(page) == ""
    assert codes(page, "ONNX") == ["op.Conv(x, w, kernel_shape=[3, 3], pads=[1, 1, 1, 1])"]
    keras = card(page, "Keras")
    expect(keras).to_contain_text('The same words are refused: padding=1: expected "valid"')
    expect(page.get_by_role("status")).to_have_text(
        "Read as PyTorch: 6 × 6 comes out. The same words are something else in Keras, SciPy."
    )
    expect(page.get_by_role("group", name="y, 6 × 6")).to_be_visible()


def test_half_a_word_is_said_and_the_last_translation_fades(open_translator):
    page = open_translator(STRIDED)
    before = codes(page, "JAX")
    field(page).fill("nn.Conv2d(1, 1, 3, strid")
    assert message(page).startswith("“nn.Conv2d(1, 1, 3, strid”: expected “,” or “)”")
    assert field(page).get_attribute("aria-invalid") is not None
    assert codes(page, "JAX") == before
    assert float(page.locator(".cx-dialects").evaluate("e => getComputedStyle(e).opacity")) < 1
    field(page).fill("nn.Conv2d(1, 1, 3, strides=2)")
    assert message(page) == (
        "Conv2d has no parameter strides: it has in_channels, out_channels, kernel_size, stride, "
        "padding, dilation."
    )
    field(page).fill("nn.Conv2d(1, 1, 3, stride=2)")
    assert message(page) == ""
    assert field(page).get_attribute("aria-invalid") is None


def test_where_the_same_words_give_others_the_cells_are_marked(open_translator):
    page = open_translator(TURNED)
    keras = card(page, "Keras")
    expect(keras).to_contain_text("The same words give other numbers in 104 of 144 places.")
    assert keras.locator(".cx-differs").count() == 104
    assert keras.locator("td").count() == 144
    expect(card(page, "SciPy")).to_contain_text("Has no such layer.")


def test_sizes_are_set_and_refused(open_translator):
    page = open_translator('lax.conv_general_dilated(x, w, (1, 1), "VALID")')
    page.get_by_role("button", name="More: kernel of w").click()
    expect(page.get_by_role("group", name="y, 3 × 3")).to_be_visible()
    size = page.get_by_label("input =")
    size.fill("7")
    size.press("Enter")
    expect(page.get_by_role("group", name="y, 4 × 4")).to_be_visible()
    size.fill("70")
    size.press("Enter")
    assert message(page) == "input = 70: expected a whole number from 2 to 9."
    expect(field(page)).to_have_value('lax.conv_general_dilated(x, w, (1, 1), "VALID")')
    size.fill("3")
    size.press("Enter")
    assert message(page) == "the kernel is 4 wide, and the input with its padding 3."


def test_beside_another_figure_each_label_has_its_own_field(open_page):
    page = open_page(curves((relu, relu_gradient)), translator(STRIDED))
    page.add_script_tag(content=bundled("translator.js"))
    settle(page)
    expect(field(page)).to_have_value(STRIDED)
    expect(page.get_by_label("x =", exact=True)).to_have_value("1")
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(({ id }) => id)")
    assert len(ids) == len(set(ids)) > 4


def test_what_has_channels_is_translated_with_them(open_translator):
    page = open_translator("nn.Conv2d(3, 64, 7, stride=2, padding=3)")
    expect(card(page, "Keras")).to_contain_text("layers.Conv2D(64, 7, strides=2)")
    expect(page.get_by_text("The numbers are those of one channel.")).to_be_visible()
    field(page).fill('layers.Conv2D(64, 7, padding="same")')
    expect(page.get_by_text("How many channels go in")).to_be_visible()


def test_an_example_and_another_dialect_are_put_into_the_field(open_translator):
    page = open_translator(STRIDED)
    page.get_by_label("Examples").select_option(label="pooling that says no stride")
    expect(field(page)).to_have_value("nn.MaxPool2d(2)")
    expect(card(page, "ONNX")).to_contain_text("give 5 × 5 numbers in place of 3 × 3.")
    page.get_by_role("button", name="Edit this one, of ONNX").click()
    expect(field(page)).to_have_value("op.MaxPool(x, kernel_shape=[2, 2], strides=[2, 2])")
    expect(field(page)).to_be_focused()
    assert codes(page, "PyTorch") == ["nn.MaxPool2d(2)"]


@pytest.mark.parametrize("layer", [layer for _, layer in EXAMPLES])
def test_every_example_is_read(open_translator, layer):
    page = open_translator(layer)
    assert message(page) == ""
    assert page.get_by_role("region").count() == 4


@pytest.mark.sweep
@pytest.mark.parametrize(("dark", "width"), [(False, 800), (True, 375)])
def test_axe_finds_nothing_and_nothing_sticks_out(open_translator, dark, width):
    page = open_translator(TURNED, dark=dark, viewport={"width": width, "height": 1200})
    if dark:
        page.add_style_tag(content="body { background: #14181e; color: #e6edf3 }")
    assert axe.findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".cx-dark").count() == dark


def test_without_scripts_the_layer_stands_there(open_page):
    page = open_page(translator(STRIDED), script="", java_script_enabled=False)
    expect(page.locator("pre")).to_have_text(STRIDED)
