"""The one part of the build that pyproject.toml cannot say: what is written in C, and can be done without."""

from setuptools import Extension, setup

setup(ext_modules=[Extension("sk_w2v._lookup", ["sk_w2v/_lookup.c"], optional=True)])
