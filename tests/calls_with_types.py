"""Calls for type checkers: the first ones are right, the others wrong. Nothing runs them.

mypy checks them in ``.ci/run``, pyright in ``.ci/matrix``. Both report an ignore that is not needed. So a wrong call
that passes is an error.
"""

from pandas import DataFrame

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer, WordMapDisplay

source = PretrainedVectors.open("glove.txt", on_bad_lines="warn")
w2v = PretrainedWord2VecTransformer(source, lockf="frequency", output="tuned", pooling=("mean", "vlad"), sg=1)
PretrainedWord2VecTransformer(lockf={"the": 0.0}, epochs=3, window=5, alpha=0.1, sample=0.0, analyzer=str.split)
fitted: PretrainedWord2VecTransformer = w2v.fit(["a cup of tea"], extra_documents=[["a", "pot"]])
table: DataFrame = fitted.moved_words(as_frame=True)
words: list[str] = fitted.moved_words().word.tolist()
near: list[tuple[str, float]] = fitted.most_similar("tea", 5, "pretrained")
display: WordMapDisplay = WordMapDisplay.from_estimator(fitted, n_words=5, text_kwargs={"fontsize": 9})

PretrainedWord2VecTransformer(lockf="freq")  # type: ignore[arg-type]
PretrainedWord2VecTransformer(epochs="many")  # type: ignore[arg-type]
PretrainedWord2VecTransformer(sg=2)  # type: ignore[arg-type]
PretrainedWord2VecTransformer(analyzer="char")  # type: ignore[arg-type]
PretrainedWord2VecTransformer(output="tune")  # type: ignore[arg-type]
PretrainedWord2VecTransformer(pooling="average")  # type: ignore[arg-type]
PretrainedWord2VecTransformer(pooling=["mean", "average"])  # type: ignore[list-item]
PretrainedWord2VecTransformer(sources="glove.txt")  # type: ignore[call-arg]
PretrainedVectors.open("glove.txt", on_bad_lines="ignore")  # type: ignore[arg-type]
fitted.most_similar("tea", which="both")  # type: ignore[arg-type]
fitted.moved_words(as_frame="yes")  # type: ignore[call-overload]
WordMapDisplay.from_estimator(fitted, method="tsne")  # type: ignore[arg-type]
