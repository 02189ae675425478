"""The one part of the build that pyproject.toml cannot say: what is written in C, and can be done without."""

import shutil
from pathlib import Path

from setuptools import Extension, setup

shutil.rmtree("build", ignore_errors=True)  # else what was compiled there before, from other code, may be packed

words = Extension(
    "sk_w2v.text._words",
    ["sk_w2v/text/_words.c"],
    depends=sorted(map(str, Path("sk_w2v/text").glob("*.h"))),
    py_limited_api=True,  # one build for all Pythons from 3.11 on
    optional=True,
)
setup(ext_modules=[words], options={"bdist_wheel": {"py_limited_api": "cp311"}})
