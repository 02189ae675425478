"""What pyproject.toml cannot say of the build: the code in C is optional, and PyPI shows another README."""

import re
import shutil
import sysconfig
import tomllib
from pathlib import Path

from setuptools import Extension, setup

shutil.rmtree("build", ignore_errors=True)  # else what was compiled there before, from other code, may be packed


def as_pypi_shows_it(readme: str, address: str) -> str:
    """Let pictures and links lead to the documentation. Without its address leave out pictures, and links but words."""
    readme = re.sub(r"<!--.*?-->\n\n", "", readme, flags=re.DOTALL)
    if not address:
        readme = re.sub(r"^!\[.*\]\((?!https?:).*\)\n\n", "", readme, flags=re.MULTILINE)
        return re.sub(r"\[([^]]*)\]\((?!https?:)[^)]*\)", r"\1", readme)
    readme = re.sub(r"\]\(examples/pictures/", f"]({address}/_static/", readme)
    readme = re.sub(r"\]\(examples/\w+\.md\)", f"]({address}/gallery/index.html)", readme)
    return re.sub(r"\]\(docs/([\w/]+)\.rst\)", rf"]({address}/\1.html)", readme)


project = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]
address = project.get("urls", {}).get("Documentation", "").rstrip("/")
words = Extension(
    "sk_w2v.text._words",
    ["sk_w2v/text/_words.c"],
    depends=sorted(map(str, Path("sk_w2v/text").glob("*.h"))),
    py_limited_api=True,  # one build for all Pythons from 3.11 on
    optional=True,
)
# Pythons without the global lock have no limited API yet, and the code in C counts on the lock.
has_limited_api = not sysconfig.get_config_var("Py_GIL_DISABLED")
setup(
    ext_modules=[words] if has_limited_api else [],
    options={"bdist_wheel": {"py_limited_api": "cp311"}} if has_limited_api else {},
    long_description=as_pypi_shows_it(Path("README.md").read_text("utf-8"), address),
    long_description_content_type="text/markdown",
)
