"""Only pictures need matplotlib."""

from helpers import run_python

WITHOUT_MATPLOTLIB = """
import sys
sys.modules["matplotlib"] = None
from sk_w2v import WordMapDisplay, WordMovesDisplay
for call in (
    lambda: WordMapDisplay.from_vectors(["tea"], [[1, 2]]),
    lambda: WordMapDisplay.from_estimator(None),
    lambda: WordMapDisplay(words=["tea"], before=None).plot(),
    lambda: WordMovesDisplay.from_vectors(["tea"], [[1, 2]], [[1, 2]]),
    lambda: WordMovesDisplay.from_estimator(None),
    lambda: WordMovesDisplay(words=["tea"], counts=None, cosine=None).plot(),
):
    try:
        call()
    except ImportError as error:
        print(error)
"""


def test_without_matplotlib_the_extra_is_named():
    run = run_python(WITHOUT_MATPLOTLIB)
    install = 'needs matplotlib. Install it with: pip install "sk-w2v[plot]"'
    assert run.stderr == ""
    assert run.stdout.splitlines() == [
        f"{display}.{method} {install}"
        for display in ("WordMapDisplay", "WordMovesDisplay")
        for method in ("from_vectors", "from_estimator", "plot")
    ]


def test_importing_the_package_imports_nothing_that_only_pictures_need():
    run = run_python("import sys, sk_w2v; print({'matplotlib', 'sklearn.decomposition'}.intersection(sys.modules))")
    assert (run.stdout, run.stderr) == ("set()\n", "")
