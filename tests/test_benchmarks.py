"""The benchmark of accuracy runs, on few documents, and goes on where it was."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from helpers import PATIENCE

QUALITY = Path(__file__).parents[1] / "benchmarks" / "quality"


@pytest.fixture
def folder(documents, labels, tmp_path):
    with gzip.open(tmp_path / "sentence-polarity.jsonl.gz", "wt", encoding="utf-8") as file:
        for split in ("train", "test"):
            for document, label in zip(documents, labels.tolist(), strict=True):
                for text in (document[:200], document[200:400]):
                    file.write(json.dumps({"split": split, "label": label, "text": text}) + "\n")
    return tmp_path


def run(folder, *arguments):
    command = [sys.executable, str(QUALITY), "--data", str(folder), "--quick", "--sets", "SP", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, cwd=folder)


def test_quality_measures_both_scenes_and_few_labels_and_goes_on_where_it_was(folder):
    done = run(folder, "--groups", "main", "few", "--picture", "few.png")
    assert done.returncode == 0, done.stderr
    assert "Warning" not in done.stderr
    rows = [json.loads(line) for line in (folder / "quality.jsonl").read_text().splitlines()]
    assert {row["key"][1] for row in rows if "key" in row} == {"A", "B", 60}
    assert {"TF-IDF", "LSA", "scratch", "untuned", "tuned", "both", "default"} <= {
        row["key"][4] for row in rows if "key" in row
    }
    assert "Scene B, 20 labels: less default" in done.stdout
    assert (folder / "few.png").stat().st_size > 10_000

    (folder / "quality.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows[:-3]))
    again = run(folder, "--groups", "main", "few")
    assert again.stderr.startswith("6 of 6: few, SP, 60, 20, 1: ")
    assert len(again.stderr.splitlines()) == 1
    assert again.stdout == done.stdout
