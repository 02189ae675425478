"""What show_versions prints."""

import re

import pytest

from sk_w2v import show_versions
from sk_w2v.text import _columns

NAMES = ["python", "sk-w2v", "scikit-learn", "gensim", "numpy", "scipy", "joblib"]


def test_each_line_is_a_name_and_a_version(capsys):
    show_versions()
    *lines, last = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == NAMES
    assert all(re.fullmatch(r"[\w-]+ +\d+\.\d+\S*( \(\S+\))?", line) for line in lines)
    assert last == f"split by      {'Python' if _columns._words is None else 'C'}"


@pytest.mark.parametrize(("words", "name"), [(None, "Python"), (object(), "C")])
def test_the_last_line_tells_whether_the_c_code_is_in_use(words, name, capsys, monkeypatch):
    monkeypatch.setattr(_columns, "_words", words)
    show_versions()
    assert capsys.readouterr().out.splitlines()[-1] == f"split by      {name}"
