"""What the chapters say will happen in a live figure, happens: with the numbers that they say.

Below a figure a chapter tells what to try and what comes of it. The chapter's file in
`tests/chapters` has these sentences with the numbers calculated; here they are compared with what
stands in the chapter, and no number below a figure may be missing there.
"""

import re

import pytest
from by_chapter import OF_CHAPTER, SENTENCES
from cells import chapter, each
from conftest import ROOT
from saying import Live

CHAPTERS = sorted(
    str(path.relative_to(ROOT / "book").with_suffix(""))
    for path in (ROOT / "book").rglob("*.ipynb")
    if ".ipynb_checkpoints" not in path.parts
)

_COUNTS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
WORDS = {
    **{word: count for count, word in enumerate(_COUNTS, start=2)},
    "twice": 2,
    "half": 1 / 2,
    "quarter": 1 / 4,
    "sixteenth": 1 / 16,
}
_NUMBER = re.compile(rf"[−-]?\d+(?:\.\d+)?|\b(?:{'|'.join(WORDS)})\b", re.IGNORECASE)
_OF_SYMBOLS = re.compile(r"[_^](?:\{[^{}]*\}|\w)")
_LIVE = re.compile(r"(?<!plots\.)\b(?:explore|curves|translator)\(")
_TRY = re.compile(
    "(?:Add|Change|Choose|Click|Compare|Look|Make|Move|Paint|Point|Press|Raise|Set|Take|Type)"
)


def numbers(words: str) -> list[str]:
    """The numbers of a text, those in the indices of its symbols apart."""
    return _NUMBER.findall(_OF_SYMBOLS.sub("", words))


def agrees(written: str, value: float) -> bool:
    """Whether a number is what was calculated, rounded to the places that it is written with."""
    if written.lower() in WORDS:
        return abs(WORDS[written.lower()] - value) < 1e-12
    places = len(written.partition(".")[2])
    return (
        abs(float(written.replace("−", "-")) - value) <= 0.5 * 10.0**-places * (places > 0) + 1e-9
    )


def blocks(name: str) -> list[tuple[str, str]]:
    """What a chapter says of trying its figures: list items and hints, each with its figure."""
    found, figure = [], ""
    for cell in chapter(name).cells:
        text = "".join(cell["source"])
        if cell["cell_type"] == "code":
            figure = cell["id"] if _LIVE.search(text) else ""
            for caption in re.findall(r'caption=\s*((?:"[^"]*"\s*)+)', text):
                found.append((figure, re.sub(r'"\s*"|"', "", caption)))
        elif figure:
            below, *_ = re.split(r"^#", text, flags=re.MULTILINE)
            parts = re.split(r"\n\n|\n(?=- )", below)
            found += [(figure, part) for part in parts if part[:2] == "- " or _TRY.match(part)]
    return found


@pytest.mark.sweep
@each(CHAPTERS)
def test_what_a_chapter_says_of_its_figures_is_what_happens(name):
    said = blocks(name)
    for sentence in SENTENCES:
        if sentence.chapter == name:
            standing = [block for figure, block in said if figure == sentence.figure]
            assert any(sentence.words in block for block in standing), (
                f"not below {sentence.figure}: {sentence.words}"
            )
            live = Live(chapter(name).value(sentence.figure), chapter(name).names)
            written, values = numbers(sentence.words), list(sentence.calculate(live))
            assert len(written) == len(values), (sentence.words, written, values)
            for one, value in zip(written, values, strict=True):
                assert agrees(one, value), f"{one} should be {value:g}: {sentence.words}"


@each(CHAPTERS)
def test_no_number_below_a_figure_is_forgotten(name):
    for figure, block in blocks(name):
        left = block
        for sentence in SENTENCES:
            if (sentence.chapter, sentence.figure) == (name, figure):
                left = left.replace(sentence.words, "")
        assert numbers(left) == [], f"below {figure}, not in tests/chapters/{name}.py: {left}"


def test_whatever_is_known_of_a_chapter_is_known_of_one_that_there_is():
    assert sorted({*OF_CHAPTER} - {*CHAPTERS}) == []


def test_every_list_of_things_to_try_stands_below_its_figure():
    for name in CHAPTERS:
        figure = False
        for cell in chapter(name).cells:
            text = "".join(cell["source"])
            if cell["cell_type"] == "code":
                figure = bool(_LIVE.search(text))
            else:
                assert figure or "Try this" not in text, f"{name}, cell {cell['id']}"


@pytest.mark.parametrize(
    ("written", "value", "same"),
    [
        ("five", 5, True),
        ("Six", 5, False),
        ("−0.3", -0.3, True),
        ("0.2784", 0.27846, False),
        ("0.2785", 0.27846, True),
        ("3", 3.2, False),
        ("quarter", 0.25, True),
    ],
)
def test_a_number_in_words_or_digits_is_compared(written, value, same):
    assert numbers(f"It is {written}, of $a_{{12}}$.") == [written]
    assert agrees(written, value) is same
