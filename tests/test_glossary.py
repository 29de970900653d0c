"""The glossary: what an entry is, which words of a chapter are marked, and what pages say."""

import re
from html import unescape

import pytest
from built_book import CHAPTERS, file
from docutils import nodes
from docutils.utils import new_document
from sphinx.errors import ExtensionError

from tools import chapters, glossary

KERNEL = "- **kernel**: A small array of weights. [Convolution](../convolution/forward.ipynb)"
SCORE = "- **score**, also *logit*: What comes before softmax. [Softmax](../network/softmax.ipynb)"


def test_an_entry_has_a_word_another_one_what_they_mean_and_a_chapter():
    kernel, score = glossary.read(f"# Glossary\n\nText.\n\n{KERNEL}\n{SCORE}\n")
    assert kernel == ("kernel", None, "A small array of weights.", "Convolution",
                      "book/convolution/forward")  # fmt: skip
    assert (score.word, score.also, score.key) == ("score", "logit", "word-score")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (KERNEL.replace(":", ""), "an entry is"),
        (KERNEL.replace("weights", "*weights*"), "an entry is"),
        (KERNEL.replace("convolution/", "convolutions/"), "there is no chapter ../convolutions"),
        (KERNEL.replace("small", "small " * 40), "characters, where 190 are the most"),
        (f"{SCORE}\n{KERNEL}", "'kernel' is not where the alphabet has it"),
        (f"{KERNEL}\n{KERNEL}", "'kernel' is not where the alphabet has it, or stands twice"),
        (
            "\n".join(KERNEL.replace("kernel", f"word {n}") for n in range(100, 141)),
            "41 entries, where 40 are the most",
        ),
    ],
)
def test_what_is_no_glossary_is_refused(text, said):
    with pytest.raises(ExtensionError, match=said):
        glossary.read(text)


def marked(*content: nodes.Node) -> tuple[list[str], str]:
    """The words that are marked in a chapter, and all its text after that."""
    document = new_document("")
    document += content
    glossary.mark(document, glossary.read(f"{KERNEL}\n{SCORE}"))
    return [one.astext() for one in document.findall(glossary.word)], document.astext()


def test_only_the_first_place_of_a_word_is_marked():
    text = "The Kernels, and a kernel. Two logits and a score."
    assert marked(nodes.paragraph("", text)) == (["Kernels", "logits"], text)


def test_no_part_of_a_word_is_marked():
    assert marked(nodes.paragraph("", "kernel-wise, subkernel, scored, kernel_gradient"))[0] == []


def test_headings_links_code_and_what_cells_give_stay_as_they_are():
    output = nodes.container("", nodes.paragraph("", "kernel"), nb_element="cell_code_output")
    others = [nodes.reference("", "kernel"), nodes.literal("", "kernel"), nodes.math("", "kernel")]
    text = nodes.paragraph("", "", *others, nodes.Text(" and at last the kernel"))
    title = nodes.section("", nodes.title("", "The kernel"), output, text)
    words, _ = marked(title)
    assert words == ["kernel"]
    assert text.findall(glossary.word)
    assert isinstance(text[-2], glossary.word)


def test_a_word_and_the_comma_behind_it_stay_in_one_line():
    paragraph = nodes.paragraph("", "a kernel, a score")
    assert marked(paragraph)[0] == ["kernel", "score"]
    assert [
        one.astext() for one in paragraph.findall(nodes.inline) if "together" in one["classes"]
    ] == ["kernel,"]


WORD = re.compile(
    r'<button type="button" class="word" popovertarget="(?P<key>[^"]*)" '
    r'popovertargetaction="show" aria-describedby="(?P<said>[^"]*)">[^<]+</button>'
    r'<span class="meaning" id="(?P<id>[^"]*)" popover>(?P<says>[^<]*) '
    r'<a href="(?P<link>[^"]*)">(?P<title>[^<]*)</a></span>'
)


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_page_says_of_each_word_once_what_it_means_and_where_it_is_explained(name):
    known = {one.key: one for one in glossary.entries()}
    text = file(name).read_text("utf-8")
    words = list(WORD.finditer(text))
    assert len(words) == text.count('class="word"') == len({one["key"] for one in words})
    for word in words:
        own = known[word["key"]]
        assert own.chapter != name
        assert word["key"] == word["said"] == word["id"]
        assert (unescape(word["says"]), unescape(word["title"])) == (own.says, own.title)
        assert (file(name).parent / word["link"]).resolve() == file(own.chapter).resolve()
    is_chapter = name in chapters.notebooks() and name.count("/") == 2 and "appendix" not in name
    assert len(words) >= 3 * is_chapter


def test_an_entry_calls_its_chapter_by_its_title():
    for one in glossary.entries():
        assert f"# {one.title}" in chapters.title(one.chapter), one.word
