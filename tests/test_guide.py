"""Every Python block of the README and of the documentation runs as it is, in the order of its page."""

import re
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *(path for path in sorted(DOCS.rglob("*.rst")) if path.parent in (DOCS, DOCS / "guide"))]
MARKDOWN = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
# A directive, its options, and its indented lines.
BLOCK = re.compile(r"^\.\. (?:code-block:: python|plot::)\n((?:   :.*\n)*)\n((?:   .*\n|\n)+)", re.MULTILINE)
OPENED = ("code-block:: python", ".. plot::", "```python")


def blocks(page):
    text = page.read_text(encoding="utf-8")
    if page.suffix == ".md":
        return MARKDOWN.findall(text)
    return [textwrap.dedent(code) for _, code in BLOCK.findall(text)]


def with_code(pages):
    return [pytest.param(page, id=page.stem) for page in pages if blocks(page)]


@pytest.fixture(autouse=True)
def no_window():
    pyplot = pytest.importorskip("matplotlib.pyplot")
    pyplot.switch_backend("agg")
    yield
    pyplot.close("all")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_block_is_found(page):
    text = page.read_text(encoding="utf-8")
    assert len(blocks(page)) == sum(map(text.count, OPENED))


@pytest.mark.parametrize("page", with_code(PAGES))
def test_a_page_runs_from_the_top_to_the_end(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    namespace = {"__name__": "__main__"}
    for number, code in enumerate(blocks(page)):
        exec(compile(code, f"{page.name}, block {number}", "exec"), namespace)


def test_every_chapter_is_in_the_guide():
    (listed,) = re.findall(r":maxdepth: 1\n\n((?:   \w+\n)+)", (DOCS / "guide" / "index.rst").read_text("utf-8"))
    assert sorted(["index", *listed.split()]) == sorted(path.stem for path in (DOCS / "guide").glob("*.rst"))


def test_nothing_speaks_of_a_folder_of_ours():
    for page in PAGES:
        assert not re.search(r"/(tmp|root|home|work)/", page.read_text(encoding="utf-8")), page.name
