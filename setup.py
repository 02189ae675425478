"""The one part of the build that pyproject.toml cannot say: what is written in C, and can be done without."""

import shutil

from setuptools import Extension, setup

shutil.rmtree("build", ignore_errors=True)  # else what was compiled there before, from other code, may be packed
setup(ext_modules=[Extension("sk_w2v.text._lookup", ["sk_w2v/text/_lookup.c"], optional=True)])
