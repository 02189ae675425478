"""What notebooks show of a transformer: scikit-learn's picture, a line about the fit, links to the documentation."""

from functools import cache
from importlib.metadata import PackageNotFoundError, metadata
from typing import Any

from sklearn.preprocessing import FunctionTransformer

from ._words import FittedWords


@cache
def documentation_address() -> str:
    """Return the address that the package's metadata name, or an empty string if they name none."""
    try:
        lines = metadata("sk-w2v").get_all("Project-URL") or []
    except PackageNotFoundError:
        return ""
    address: str = dict(line.split(", ", 1) for line in lines).get("Documentation", "")
    return address.rstrip("/")


class NotebookMixin:
    """The hooks that scikit-learn's picture of an estimator asks, alone or within a pipeline."""

    _words: FittedWords
    coverage_: dict[str, float]
    n_iter_: int

    @property
    def _doc_link_module(self) -> str:
        return "sk_w2v" if documentation_address() else ""

    @property
    def _doc_link_template(self) -> str:
        return documentation_address() + "/api/{estimator_module}.{estimator_name}.html"

    def _sk_visual_block_(self) -> Any:
        """A box with the name, and below it the line about the fit. If this fails, scikit-learn draws its own box."""
        kind = type(FunctionTransformer()._sk_visual_block_())  # its class has no public name
        caption = self._summary() if self._is_fitted() else None
        return kind("single", self, names=type(self).__name__, name_details=str(self), name_caption=caption)

    def _get_fitted_attr_html(self, doc_link: str = "") -> Any:
        """The picture asks for every attribute. Some are large, and made when they are asked for."""
        if not self._is_fitted():
            return super()._get_fitted_attr_html(doc_link)  # type: ignore[misc]
        with self._words.forgetting():
            return super()._get_fitted_attr_html(doc_link)  # type: ignore[misc]

    def _is_fitted(self) -> bool:
        return "_words" in self.__dict__

    def _summary(self) -> str:
        n_words, n_fallback = len(self._words), len(self._words.fallback_row_of)
        return (
            f"{n_words:,} words, {self.n_iter_} epochs; {self.coverage_['tokens']:.1%} of the tokens have a pretrained "
            f"vector; {n_fallback:,} more words of the source"
        )
