"""Tables of the results, and the picture of few labels."""

import pandas as pd
from data import SETS

REFERENCES = ["default", "TF-IDF", "scratch"]
# What sees labelled documents alone is the same in both scenes.
WITHOUT_OTHERS = ["Mittens", "fastText, supervised"]
STYLES = {"tuned": "o-", "scratch": "s-", "untuned": "--", "LSA": "^:", "TF-IDF": "v:"}
TITLES = {"20ng": "20 newsgroups", "SP": "sentence polarity"}


def frame_of(rows):
    """One row a result, accuracy in per cent."""
    keys = pd.DataFrame([row["key"] for row in rows], columns=["set", "scene", "size", "draw", "method"])
    frame = keys.join(pd.DataFrame(rows)).assign(accuracy=lambda frame: 100 * frame["accuracy"])
    copies = frame[frame["method"].isin(WITHOUT_OTHERS)].assign(scene="B")
    return pd.concat([frame, copies], ignore_index=True)


def print_table(title, values, sign=""):
    """Means over the draws with standard errors: a line a method, a column a set; values have a row a set and draw."""
    sets = values.groupby("set", sort=False)
    order = [name for name in SETS if name in sets.groups]
    means, errors = sets.mean().T[order], sets.sem().T.fillna(0)
    print(f"\n{title}\n\n| | {' | '.join(means)} | mean |\n{'|---' * (len(means.columns) + 2)}|")
    for method in means.index:
        cells = [f"{mean:{sign}.1f} ± {errors[name][method]:.1f}" for name, mean in means.loc[method].items()]
        print(f"| {method} | {' | '.join(cells)} | {means.loc[method].mean(skipna=False):{sign}.1f} |")


def print_report(rows):
    frame = frame_of(rows)
    for (scene, size), some in frame.groupby([frame["scene"].map(str), "size"], sort=False):
        values = some.pivot(index=["set", "draw"], columns="method", values="accuracy")[some["method"].unique()]
        print_table(f"Scene {scene}, {size} labels: accuracy, %", values)
        for reference in values.columns.intersection(REFERENCES):
            print_table(f"Scene {scene}, {size} labels: less {reference}", values.sub(values[reference], axis=0), "+")
    if "seconds" not in frame:  # nothing that was fitted by itself
        return
    in_b = frame[(frame["scene"] == "B") & frame["seconds"].notna()]
    print_table("Scene B: seconds of a fit", in_b.pivot_table(index="set", columns="method", values="seconds"))


def draw_few(rows, path):
    """Accuracy against the number of documents tuned on, with the fewest labels."""
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    frame = frame_of(rows)
    size = frame["size"].min()
    frame = frame[(frame["size"] == size) & ~frame["method"].isin(WITHOUT_OTHERS)]
    figure, axes = pyplot.subplots(1, len(TITLES), figsize=(9, 3.4), layout="constrained")
    for ax, (name, title) in zip(axes, TITLES.items(), strict=True):
        for method, style in STYLES.items():
            own = frame[(frame["set"] == name) & (frame["method"] == method)].groupby("documents")["accuracy"]
            ax.errorbar(own.mean().index, own.mean(), own.sem(), fmt=style, label=method, capsize=2, markersize=4)
        ax.set(xscale="log", title=title, xlabel="documents, labelled or not")
        ax.set_xticks(ticks := [100, 400, 1600, 6400], [f"{n:,}" for n in ticks], minor=False)
        ax.minorticks_off()
    axes[0].set_ylabel(f"accuracy with {size} labels, %")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside right center", frameon=False)
    figure.savefig(path, dpi=110)
