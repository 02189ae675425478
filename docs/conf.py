"""How Sphinx builds the documentation: sphinx-build -W -n docs docs/_build."""

import re
import shutil
from html import escape
from importlib.metadata import metadata
from pathlib import Path

import sk_w2v

project, author, copyright = "sk_w2v", "the authors of sk_w2v", "the authors of sk_w2v, BSD-3-Clause"
version = release = sk_w2v.__version__
extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.mathjax",
    "numpydoc",
    "matplotlib.sphinxext.plot_directive",
    "sphinx_gallery.gen_gallery",
]
templates_path = ["_templates"]
exclude_patterns = ["_build", "gallery_source", "gallery/**/*.py"]

# The address is the setting Documentation in pyproject.toml's [project.urls].
addresses = dict(line.split(", ", 1) for line in metadata("sk-w2v").get_all("Project-URL") or [])
html_baseurl = addresses.get("Documentation", "")
html_theme, html_title = "pydata_sphinx_theme", "sk_w2v"
html_theme_options = {
    "navbar_align": "left",
    "show_prev_next": True,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "show_toc_level": 2,
}
html_sidebars = {"index": []}
html_static_path, html_css_files = ["_static", "../examples/pictures"], ["pages.css"]
html_show_sourcelink, html_copy_source = False, False
toc_object_entries_show_parents = "hide"

autosummary_generate = True
autodoc_typehints = "none"
numpydoc_show_class_members = False
# Names of other packages are written as code: their lists of names would need a network when the pages are built.
nitpick_ignore_regex = [(r"py:.*", r"(sklearn|gensim|numpy|pandas|matplotlib|joblib|scipy)\..*")]
# Attributes that are properties are described where they are listed.
nitpick_ignore_regex += [(r"py:obj", r"[a-z_]+_"), (r"py:meth", r"bytes\.decode")]

plot_include_source, plot_html_show_source_link, plot_html_show_formats = True, False, False
plot_formats = [("png", 100)]

# Other examples take longer, or need extras: their docstrings show what they print.
RUN = ["similar", "clusters", "before_after"]


def as_gallery_page(source: str, picture: str) -> str:
    """Turn an example's docstring into a page: its first words are the title, indented lines are shown as they are."""
    _, docstring, code = source.split('"""', 2)
    if picture:
        docstring += f"\n.. image:: {picture}\n"
    title, rest = re.split(r"[:.]\s", docstring, maxsplit=1)
    rest = re.sub(r"\n\n(?=    )", "\n\n.. code-block:: none\n\n", f"{rest[0].upper()}{rest[1:]}".lstrip())
    return f'"""\n{title}\n{"=" * len(title)}\n\n{rest}"""{code}'


def draw_thumbnail(source: str, path: Path) -> None:
    """Draw the first lines that an example prints; they are the last indented block of its docstring."""
    printed = re.findall(r"(?:^    .*\n)+", source.split('"""', 2)[1], re.MULTILINE)[-1]
    lines = [escape(line[4:]) for line in printed.splitlines()[:12]]
    text = "".join(f'<tspan x="16" y="{32 + 19 * row}">{line}</tspan>' for row, line in enumerate(lines))
    style = 'font-family="monospace" font-size="15" fill="#48566b" xml:space="preserve"'
    picture = f'<svg xmlns="http://www.w3.org/2000/svg" width="400" height="280"><text {style}>{text}</text></svg>'
    path.write_text(picture, encoding="utf-8")


def make_gallery_source() -> str:
    here = Path(__file__).parent
    examples, folder = here.parent / "examples", here / "gallery_source"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    header = (
        "Gallery\n=======\n\nEach example is one idea. Click one to see its code and what it prints. It runs offline\n"
    )
    header += 'after ``pip install "sk-w2v[demo]"``, with the extra that it names.\n'
    (folder / "GALLERY_HEADER.rst").write_text(header, encoding="utf-8")
    for path in examples.glob("*.py"):
        source = path.read_text(encoding="utf-8")
        if path.stem == "docstrings":
            (folder / path.name).write_text(source, encoding="utf-8")
            continue
        thumbnail, picture = examples / "pictures" / f"{path.stem}.png", ""
        if not thumbnail.exists():
            thumbnail = folder / f"{path.stem}.svg"
            draw_thumbnail(source, thumbnail)
        elif path.stem not in RUN:
            picture = f"../../examples/pictures/{thumbnail.name}"
        comment = f"\n# sphinx_gallery_thumbnail_path = {str(thumbnail)!r}\n"
        (folder / path.name).write_text(as_gallery_page(source, picture) + comment, encoding="utf-8")
    return str(folder)


sphinx_gallery_conf = {
    "examples_dirs": make_gallery_source(),
    "gallery_dirs": "gallery",
    "filename_pattern": rf"/({'|'.join(RUN)})\.py$",
    "ignore_pattern": r"docstrings\.py$",
    "show_memory": False,
    "show_signature": False,
    "download_all_examples": False,
    "remove_config_comments": True,
    "min_reported_time": 1e9,
    "write_computation_times": False,
}
