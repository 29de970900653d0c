"""Writes the list of chapters on the front page: those of `_toc.yml`, in order and numbered.

    python -m tools.contents

What stands behind a chapter's name is an author's, and stays. Numbers by which the text above the
list names chapters follow. The appendices have no numbers, and are left as they are.
"""

import json
import re

import yaml

from tools import chapters

FRONT = "book/index"
ENTRY = re.compile(r"^(\d+)\. \[(.*?)\]\((.*?)\.ipynb\)(.*)$", re.MULTILINE)
LIST = re.compile(r"(?<=\n)\*\*[^*\n]+\*\*\n\n\d+\. .*(?=\n\n\*\*Appendices\*\*)", re.DOTALL)
BY_NUMBER = re.compile(r"^- \*\*In .*?\*\*: [\d, and]+\d", re.MULTILINE)


def main() -> None:
    path = chapters.notebook(FRONT)
    read = json.loads(path.read_text("utf-8"))
    for cell in read["cells"]:
        text = "".join(cell["source"])
        if LIST.search(text):
            cell["source"] = contents(text).splitlines(keepends=True)
    path.write_text(chapters.written(read), "utf-8")


def contents(text: str) -> str:
    """The text of the cell that has the list, with the list as it should be."""
    before = {name: (int(number), title, said) for number, title, name, said in ENTRY.findall(text)}
    numbers, parts = {}, []
    toc = yaml.safe_load((chapters.ROOT / "_toc.yml").read_text("utf-8"))
    for part in toc["parts"]:
        if part.get("caption", "Appendices") == "Appendices":
            continue
        lines = []
        for entry in part["chapters"]:
            name = entry["file"].removeprefix("book/")
            numbers[name] = len(numbers) + 1
            _, title, said = before.get(name, (0, _heading(entry["file"]), ""))
            lines.append(f"{numbers[name]}. [{title}]({name}.ipynb){said}")
        parts.append(f"**{part['caption']}**\n\n" + "\n".join(lines))
    renumbered = {
        str(number): str(numbers.get(name, number)) for name, (number, *_) in before.items()
    }

    def follow(found: re.Match[str]) -> str:
        return re.sub(r"\d+", lambda number: renumbered.get(number[0], number[0]), found[0])

    return LIST.sub(lambda _: "\n\n".join(parts), BY_NUMBER.sub(follow, text))


def _heading(page: str) -> str:
    cells = json.loads(chapters.notebook(page).read_text("utf-8"))["cells"]
    texts = ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return next(texts).splitlines()[0].removeprefix("# ")  # code may stand before it


if __name__ == "__main__":
    main()
