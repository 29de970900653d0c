"""A live figure in one window: its height, the answer in view, and what is bound to what."""

import numpy as np
import pytest
from figure_page import click, focus, hover, line, more_tools, pixels, press, settle, spot
from figures import FIGURES, gradient, picture, plain, small_network
from lenet import lenet
from playwright.sync_api import expect

from cnnmath.explorer import explore
from cnnmath.formula import Formula

WINDOWS = [(1280, 800, 800), (768, 1024, 1000), (375, 667, 1500)]
# Those that are told something are like those that are asked.
NAMES = [name for name in FIGURES if "curve" not in name and not name.startswith("told")]


def test_no_figure_is_too_high(open_page, swept):
    names = swept(NAMES)
    figures = [FIGURES[name]() for name in names]
    page = open_page(*figures, viewport={"width": 1280, "height": 800})
    page.evaluate("document.querySelectorAll('.cnnmath-figure').forEach(f => f.scrollIntoView())")
    for n in range(len(figures)):
        page.locator(".cnnmath-figure").nth(n).scroll_into_view_if_needed()
    page.wait_for_function(f"alive.length === {len(figures)}")
    page.evaluate(
        """() => alive.forEach((figure) => {
             const { key, formula } = figure.model.formulas[0];
             figure.hold(key, formula.shape.map(() => 0));
           })"""
    )
    for width, height, most in WINDOWS:
        page.set_viewport_size({"width": width, "height": height})
        for _ in range(2):
            settle(page)
        heights = page.evaluate("alive.map((figure) => figure.root.offsetHeight)")
        assert max(heights) <= most, (width, heights)


SEEN = """([key, place]) => {
  const figure = alive[0];
  const grid = figure.gridOf(key);
  const { row, column, plane } = grid.split(place);
  const canvas = grid.canvases[plane].getBoundingClientRect();
  const [x, y] = grid.corner(row, column);
  const cell = { top: canvas.top + y, bottom: canvas.top + y + grid.cell };
  const sum = document.querySelector(".cx-sum").getBoundingClientRect();
  const answer = figure.answer.node.getBoundingClientRect();
  const inside = ({ top, bottom }) => top >= -1 && bottom <= innerHeight + 1;
  const left = canvas.left + x + grid.cell / 2;
  const on_top = document.elementFromPoint(left, cell.top + grid.cell / 2);
  return {
    cell: inside(cell) && on_top === grid.canvases[plane],
    sum: sum.height > 0 && sum.top >= -1 && sum.top + 20 <= innerHeight && sum.top < answer.bottom,
  };
}"""


@pytest.mark.sweep
@pytest.mark.parametrize(("width", "height", "_"), WINDOWS)
@pytest.mark.parametrize("make", [plain, gradient, picture, small_network, lenet])
def test_the_answer_is_in_view_wherever_a_cell_is_touched(open_page, make, width, height, _):
    page = open_page(make(), viewport={"width": width, "height": height})
    shapes = page.evaluate("alive[0].keys.map((key) => [key, alive[0].model.arrays[key].shape])")
    for key, shape in shapes:
        first, last = [0] * len(shape), [length - 1 for length in shape]
        for place in [last] if make is lenet else [first, last]:
            click(page, key, *place)
            settle(page)
            seen = page.evaluate(SEEN, [key, place])
            assert seen == {"cell": True, "sum": True}, (key, place)
            press(page, "Escape")


def test_on_a_phone_numbers_stand_side_by_side_and_a_wide_formula_is_smaller(open_page):
    size = Formula(
        r"O = \left\lfloor \frac{M + 2P - m - (m-1)(D-1)}{S} \right\rfloor + 1 + 0 M",
        M="", P="", m="", D="", S="", symbols={"O": "the size of the result"},
    )  # fmt: skip
    page = open_page(explore(size, M=9, P=1, m=3, D=1, S=2), viewport={"width": 375, "height": 800})
    tops = "alive[0].grids.map(({ node }) => Math.round(node.getBoundingClientRect().top))"
    assert page.evaluate(f"new Set({tops}).size") <= 2
    title = page.locator(".cx-title").last
    assert title.locator(".cx-size").inner_text().strip() == ""  # it takes no room for words
    assert title.get_attribute("title") == "O, the size of the result"
    dock = "alive[0].answer.node.offsetWidth / alive[0].root.offsetWidth"
    assert page.evaluate(dock) > 0.95
    room = """[...document.querySelectorAll(".cx-formulas .cx-formula")]
                .map((one) => one.scrollWidth - one.clientWidth)"""
    assert page.evaluate(room) == [0]


def test_a_thumbnail_chooses_its_plane_and_that_of_the_gradient(open_page):
    page = open_page(lenet(), viewport={"width": 1280, "height": 800})
    plane = "alive[0].gridOf('{}').plane"
    thumbnails = page.evaluate(
        """() => { const { left, top } =
             alive[0].gridOf("a").thumbnails.node.getBoundingClientRect(); return [left, top]; }"""
    )
    page.mouse.click(thumbnails[0] + 28 + 12, thumbnails[1] + 12)
    settle(page)
    assert [page.evaluate(plane.format(key)) for key in ("a", "dE_da", "h", "W")] == [1, 1, 1, 1]
    page.evaluate("alive[0].hold('a', [5, 3, 3])")  # what is lit is shown
    settle(page)
    assert [page.evaluate(plane.format(key)) for key in ("a", "W")] == [5, 5]


def test_planes_stay_in_step(open_page):
    page = open_page(lenet(), viewport={"width": 1280, "height": 800})
    planes = "alive[0].grids.filter((g) => g.planes === 8 && !g.all).map((g) => g.plane)"
    hover(page, "dE_dp", 3, 5, 5)
    page.mouse.move(1, 1)
    settle(page)
    assert set(page.evaluate(planes)) == {3}
    assert len(page.evaluate(planes)) > 5


def test_a_marked_term_shows_its_planes(open_page):
    page = open_page(lenet(), viewport={"width": 1280, "height": 800})
    page.evaluate("alive[0].mark([{ key: 'h', place: [6, 2, 2] }])")
    settle(page)
    assert page.evaluate("alive[0].gridOf('h').plane") == 6


INSIDE = """(inner) => {
  const box = (css) => document.querySelector(css).getBoundingClientRect();
  const [a, b] = [box(inner), box(inner === ".cx-editor" ? ".cx-answer" : ".cx")];
  return a.left >= b.left && a.right <= b.right && a.top >= b.top && a.bottom <= b.bottom;
}"""


@pytest.mark.parametrize("width", [1280, 768, 375])
def test_what_opens_is_seen_whole(open_page, width):
    page = open_page(small_network(), viewport={"width": width, "height": 800})
    page.evaluate("alive[0].pin('W', [0, 1, 1])")
    settle(page)
    assert page.evaluate(INSIDE, ".cx-editor")
    more_tools(page)
    assert page.evaluate(INSIDE, ".cx-rest > div")
    page.mouse.click(*spot(page, "W", 0, 0, 0))
    assert not page.evaluate("document.querySelector('.cx-rest').open")


@pytest.mark.parametrize("make", [plain, gradient, small_network])
def test_nothing_moves_when_a_number_is_chosen(open_page, make):
    page = open_page(make(), viewport={"width": 1280, "height": 800})
    height = "document.querySelector('.cx').offsetHeight"
    before = page.evaluate(height)
    for key in page.evaluate("alive[0].keys"):
        rank = page.evaluate("(key) => alive[0].model.arrays[key].shape.length", key)
        click(page, key, *[0] * rank)
        assert page.evaluate(height) == pytest.approx(before, abs=1)


def test_the_strip_shows_other_arrays_in_the_light_of_what_is_chosen(open_page):
    page = open_page(small_network(), viewport={"width": 375, "height": 667})
    page.evaluate("alive[0].pin('p', [0, 0, 1])")
    settle(page)
    sum_of_p = line(page)
    lit = "(key) => alive[0].findLight().lit.get(key).size"
    for name, key in (("x, the input", "x"), ("dE_dx", "dE_dx")):
        page.locator(".cx-navigator").get_by_role("button", name=name).first.click()
        settle(page)
        assert page.evaluate("(key) => alive[0].gridOf(key).node.offsetHeight", key) > 0
        assert line(page) == sum_of_p
        assert page.evaluate(lit, key) >= 9
    page.evaluate("alive[0].hold('a', [0, 2, 2])")  # who chooses another cell sees its array
    settle(page)
    assert page.evaluate("alive[0].gridOf('a').node.offsetHeight") > 0


def test_a_tap_chooses_the_cell_that_was_tapped(open_page):
    options = {"viewport": {"width": 375, "height": 667}, "has_touch": True, "is_mobile": True}
    page = open_page(small_network(), **options)
    page.evaluate("alive[0].pin('p', [0, 0, 1])")
    settle(page)
    page.touchscreen.tap(*spot(page, "h", 0, 5, 3))
    page.wait_for_timeout(400)  # in which a browser plays the mouse for those who know no touch
    assert page.evaluate("alive[0].chosen") == {"key": "h", "place": [0, 5, 3]}


def test_a_click_on_the_cell_that_the_author_chose_keeps_it(open_page):
    page = open_page(plain(at=("a", (0, 0, 1))))
    click(page, "a", 0, 0, 1)
    assert line(page).startswith("a[0, 0, 1] =")
    click(page, "a", 0, 0, 1)
    assert "Point at a cell" in line(page)


def test_on_a_phone_a_strip_of_arrays_chooses_what_stands_there(open_page):
    page = open_page(small_network(), viewport={"width": 375, "height": 667})
    shown = "alive[0].grids.filter((grid) => grid.node.offsetHeight).map((grid) => grid.key)"
    page.get_by_role("button", name="h, the output of the activation").click()
    settle(page)
    assert page.evaluate(shown) == ["a", "h"]
    click(page, "h", 0, 0, 0)
    pressed = page.locator(".cx-navigator [aria-pressed=true]")
    assert pressed.count() == 1
    assert line(page).startswith("h[0, 0, 0] = max(")
    tops = page.evaluate("['h', 'a'].map((k) => alive[0].gridOf(k).node.offsetTop)")
    assert tops == sorted(tops)  # what is chosen, on top


def test_what_is_only_renamed_is_drawn_once(open_page):
    page = open_page(small_network(), viewport={"width": 1280, "height": 800})
    keys = page.evaluate("alive[0].keys")
    assert "dE_da" in keys and "delta" not in keys
    hover(page, "dE_db", 0)
    lit = page.evaluate("[...alive[0].findLight().lit.get('dE_da').keys()].length")
    assert lit == 36


def test_many_formulas_are_folded(open_page):
    page = open_page(small_network(), gradient(), viewport={"width": 1280, "height": 2000})
    page.wait_for_function("alive.length === 2")
    first, second = page.locator(".cx-formulas").all()
    assert [one.is_visible() for one in first.locator(".cx-formula").all()] == [False] * 10
    first.locator("summary").click()
    assert all(one.is_visible() for one in first.locator(".cx-formula").all())
    assert [one.is_visible() for one in second.locator(".cx-formula").all()] == [True] * 2


def test_what_is_below_0_is_hatched_where_no_number_stands(open_page):
    page = open_page(lenet(), viewport={"width": 1280, "height": 800})
    cell = page.evaluate("alive[0].gridOf('W').cell")
    assert cell < 26
    values = page.evaluate("[...alive[0].gridOf('W').array.data].slice(0, 25)")
    for want, is_wanted in ((2, min(values)), (1, max(values))):
        flat = values.index(is_wanted)
        found = pixels(page, "W", 0, divmod(flat, 5)).split(",")
        inner = np.array(found, dtype=int).reshape(round(cell), round(cell), 4)[1:-1, 1:-1]
        colours = np.unique(inner.reshape(-1, 4), axis=0)
        assert (len(colours) >= 2) == (want == 2)


def test_zeros_of_a_sparse_gradient_are_dots(open_page):
    page = open_page(small_network(), viewport={"width": 1280, "height": 800})
    data = np.reshape(page.evaluate("[...alive[0].gridOf('dE_dh').array.data]"), (6, 6))
    (row, column), *_ = np.argwhere(data == 0).tolist()

    def inked(key, cell):
        found = np.array(pixels(page, key, 0, cell).split(","), dtype=int)
        return int((found.reshape(-1, 4)[:, :3].sum(axis=1) < 600).sum())

    (x_row, x_column), *_ = np.argwhere(small_network().arrays["x"] == 0).tolist()
    assert 0 < inked("dE_dh", [row, column]) < inked("x", [x_row, x_column])


def test_formulas_make_way_where_the_numbers_need_room(open_page):
    sides = (3, 8)
    rules = (
        Formula(r"y_{ij} = 2 x_{ij}", name="twice", x="M N", y="M N"),
        Formula(r"y_{ij} = x_{ij} + x_{ij}", name="a sum", x="M N", y="M N"),
        Formula(r"z_{ij} = \frac{\frac{y_{ij}}{2}}{2}", name="back", y="M N", z="M N"),
    )
    page = open_page(*(explore(*rules, x=np.ones((side, side))) for side in sides))
    found = page.evaluate(
        """() => alive.map((figure) => [
             figure.formulas.querySelector("details").open,
             figure.gridOf("x").cell,
             figure.root.offsetHeight,
           ])"""
    )
    assert [is_open for is_open, *_ in found] == [True, False]
    assert all(cell >= 22 and height <= 800 for _, cell, height in found)
    summary = page.locator("summary", has_text="The 3 formulas of this figure")
    assert [one.is_visible() for one in summary.all()] == [False, True]
    summary.nth(1).click()
    assert page.locator(".cx-formulas").nth(1).locator(".cx-formula").nth(2).is_visible()


VALUES = "[...document.querySelectorAll('.cx-here .cx-value')].map((one) => one.textContent).join()"


def test_indices_take_their_values(open_page):
    page = open_page(plain(at=("a", (1, 0, 2))))
    settle(page)
    assert page.evaluate(VALUES) == "0,2,1,1,0,2,1"  # those below first
    page.locator(".cx-term").nth(1).hover()  # s = 0, t = 1
    settle(page)
    assert page.evaluate(VALUES) == "0,2,1,0,1,1,0,0,2,1,1"
    page.mouse.move(1, 1)
    settle(page)
    assert page.evaluate(VALUES) == "0,2,1,1,0,2,1"


def marked(page):
    return page.evaluate("alive[0].marked.map(({ key, place }) => `${key}[${place}]`)")


def test_a_term_marks_its_cells(open_page):
    page = open_page(plain(at=("a", (0, 0, 1))))
    settle(page)
    before = pixels(page, "x", 0, [0, 2])
    terms = page.locator(".cx-term")
    terms.nth(1).hover()
    settle(page)
    assert marked(page) == ["W[0,0,1]", "x[0,2]"]
    assert pixels(page, "x", 0, [0, 2]) != before
    page.mouse.move(1, 1)
    settle(page)
    assert marked(page) == []
    assert pixels(page, "x", 0, [0, 2]) == before
    terms.nth(0).focus()
    press(page, "ArrowRight", "ArrowRight")
    assert marked(page) == ["W[0,1,0]", "x[1,1]"]


def test_a_cell_marks_its_term_while_a_result_is_chosen(open_page):
    # So high that the page never scrolls: for a moment after that no pointer is listened to.
    page = open_page(plain(at=("a", (0, 0, 1))), viewport={"width": 1280, "height": 1600})
    hover(page, "x", 1, 1)
    assert line(page).startswith("x[1, 1] =")  # it is the author's choice as yet
    click(page, "a", 0, 0, 1)
    hover(page, "x", 1, 1)
    assert line(page).startswith("a[0, 0, 1] =")
    assert page.locator(".cx-same").all_inner_texts() == ["2·1"]
    page.evaluate("alive[0].redraw()")  # for whatever reason
    settle(page)
    hover(page, "x", 0, 1)
    assert page.locator(".cx-same").all_inner_texts() == ["1·2"]
    hover(page, "x", 2, 0)  # of which it is not made
    assert line(page).startswith("x[2, 0] =")
    hover(page, "x", 1, 1)  # whichever way the pointer came
    assert line(page).startswith("a[0, 0, 1] =")
    assert page.locator(".cx-same").all_inner_texts() == ["2·1"]


def test_light_falls_from_a_window_to_its_result(open_page):
    page = open_page(small_network(), viewport={"width": 1280, "height": 800})
    click(page, "p", 0, 1, 1)
    beams = page.locator(".cx-beams polygon")
    assert beams.count() == 5  # from h; from a; and from x, W and b
    focus(page, "p")
    press(page, "Escape")
    assert beams.count() == 0
    assert len(spot(page, "p", 0, 1, 1)) == 2


def test_play_builds_the_result(open_page):
    page = open_page(plain())
    page.evaluate("window.setInterval = (step) => { window.step = step; return 1; }")

    def is_blank(plane, *cell):
        found = np.array(pixels(page, "a", plane, list(cell)).split(","), dtype=int)
        side = page.evaluate("alive[0].gridOf('a').cell")
        inner = found.reshape(side, side, 4)[5:9, 5:-5, :3]  # above the number
        return bool((inner == 255).all())

    assert not is_blank(1, 1, 2) and not is_blank(0, 0, 1)
    page.get_by_role("button", name="Play").click()
    settle(page)
    assert is_blank(1, 1, 2) and is_blank(0, 0, 1)
    page.evaluate("step()")
    settle(page)
    assert is_blank(1, 1, 2) and not is_blank(0, 0, 1)
    page.get_by_role("button", name="Pause").click()
    settle(page)
    assert not is_blank(1, 1, 2)


def test_the_kernel_goes_to_the_window_and_turns(open_page):
    for options, moves in ({}, 1), ({"reduced_motion": "reduce"}, 0):
        page = open_page(gradient(), **options)
        before = pixels(page, "delta", 0, (0, 1))
        hover(page, "dE_dx", 1, 2)
        assert page.locator(".cx-laid").count() == 0  # who only points is not in its way
        assert pixels(page, "delta", 0, (0, 1)) != before
        click(page, "dE_dx", 1, 2)
        moving = page.locator(".cx-laid")
        assert moving.count() == moves
        if moves:
            frames = moving.evaluate("(node) => node.getAnimations()[0].effect.getKeyframes()")
            assert "rotate(180deg)" in frames[1]["transform"]
            moving.evaluate("(node) => node.getAnimations()[0].finish()")
            expect(moving).to_have_count(0)
    page = open_page(gradient())
    click(page, "a", 0, 0, 1)
    frames = page.locator(".cx-laid").evaluate(
        "(node) => node.getAnimations()[0].effect.getKeyframes()"
    )
    assert "rotate" not in frames[1]["transform"]


def test_the_corners_of_a_window_hold_the_kernel_turned(open_page):
    page = open_page(gradient())
    page.evaluate(
        """() => {
          window.written = [];
          const write = CanvasRenderingContext2D.prototype.fillText;
          CanvasRenderingContext2D.prototype.fillText = function (text, ...where) {
            if (this.font.startsWith("9.5px")) written.push(text);
            return write.call(this, text, ...where);
          };
        }"""
    )
    hover(page, "dE_dx", 1, 2)
    # The window of δ begins at row 0, column 1; W is [[1, 0], [2, −1]] and [[0, 1], [1, 1]].
    assert sorted(page.evaluate("written")) == sorted(["1", "0", "2", "−1", "0", "1", "1", "1"])


@pytest.mark.parametrize(
    # In x stands 0.938.
    ("cell", "written"), [(26, {"omega", "W", "x"}), (20, {"omega", "W"}), (17, set())],
)  # fmt: skip
def test_short_numbers_are_written_in_smaller_cells(open_page, cell, written):
    page = open_page(small_network())
    found = page.evaluate(
        """(cell) => {
          const texts = {};
          const write = CanvasRenderingContext2D.prototype.fillText;
          CanvasRenderingContext2D.prototype.fillText = function (text, ...where) {
            const grid = alive[0].grids.find(({ canvases }) => canvases.includes(this.canvas));
            if (grid) texts[grid.key] = (texts[grid.key] ?? 0) + 1;
            return write.call(this, text, ...where);
          };
          const sizes = new Map(alive[0].grids.map(({ key }) => [key, { cell, thumbnails: 0 }]));
          for (const grid of alive[0].grids) grid.layout({ mode: "pipeline", all: true, sizes });
          alive[0].draw();
          return texts;
        }""",
        cell,
    )
    assert {"omega", "W", "x"} & found.keys() == written


def test_the_tempo_can_be_chosen(open_page):
    page = open_page(plain())
    page.evaluate("window.setInterval = (_, pace) => { window.pace = pace; return 1; }")
    page.get_by_label("Tempo").select_option("slow")
    page.get_by_role("button", name="Play").click()
    assert page.evaluate("pace") == 2000
    page.get_by_label("Tempo").select_option("fast")  # while it plays
    assert page.evaluate("pace") == 120
    page.evaluate("alive[0].player.follow('a', null)")
    assert page.get_by_label("Tempo").input_value() == "120"  # what the reader chose stays
