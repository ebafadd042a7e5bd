"""A small classifier fine-tuned from an export: failures on held-out families before and after, with 95 % Wilson intervals.

    pip install scikit-learn
    python benchmarks/finetune.py [ROWS] [DOMAIN] [TASK]        (6000 clinical CL-T23)

Both models see the same families of the split ``train`` and are asked about the same families of the split ``test``. *Before* has learnt
from the clean documents alone; *after* goes on from there with the variants of the same families. A row fails when the label is not an
acceptable one; a family fails when any of its rows does.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from robustgen.stats.closed import wilson

Row = dict[str, Any]
EPOCHS = 12


def exported(folder: Path, count: int, domain: str, task: str) -> tuple[list[Row], list[Row]]:
    """Run the export as a user would and return the rows of the splits ``train`` and ``test``."""
    command = [sys.executable, "-m", "robustgen.cli.main", "export", domain, "--task", task, "--kind", "clean,noisy,adversarial,edge"]
    subprocess.run([*command, "-n", str(count), "--to", "jsonl", "--splits", "train=0.7,test=0.3", "-o", str(folder), "-q"], check=True)
    return labelled(folder / "train.jsonl"), labelled(folder / "test.jsonl")


def labelled(file: Path) -> list[Row]:
    """Return the rows of a file whose right answer is one label."""
    found = []
    for line in file.read_text("utf-8").splitlines():
        row = json.loads(line)
        accept = json.loads(row["expected"])["accept"]
        labels = sorted({e["label"] for e in accept if e.get("label")})
        if len(labels) == 1:
            found.append(row | {"right": labels[0]})
    return found


def failures(rows: list[Row], said: list[str]) -> tuple[int, int, int, int]:
    """Return failed rows, rows, failed families, families."""
    families: dict[str, bool] = defaultdict(bool)
    wrong = 0
    for row, label in zip(rows, said, strict=True):
        bad = label != row["right"]
        wrong += bad
        families[row["family"]] |= bad
    return wrong, len(rows), sum(families.values()), len(families)


def shown(failed: int, asked: int) -> str:
    """Return a rate with its interval."""
    low, high = wilson(failed, asked)
    return f"{failed} of {asked}: {failed / asked:.1%} ({low:.1%} to {high:.1%})"


def main() -> None:
    """Export, learn, fine-tune, compare."""
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.linear_model import SGDClassifier

    count, domain, task = int((sys.argv[1:] or ["6000"])[0]), *(sys.argv[2:4] if len(sys.argv) > 3 else ["clinical", "CL-T23"])
    with tempfile.TemporaryDirectory() as folder:
        train, test = exported(Path(folder, "data"), count, domain, task)
    clean = [r for r in train if r["kinds"] == ["clean"]]
    classes = sorted({r["right"] for r in train})
    seen = HashingVectorizer(analyzer="word", ngram_range=(1, 2), n_features=2**18)
    held = seen.transform([r["document"] for r in test])
    model = SGDClassifier(loss="log_loss", alpha=1e-5, random_state=0)
    sys.stdout.write(f"{domain} {task}: {len(clean)} clean and {len(train) - len(clean)} varied rows to learn from, {len(test)} held out\n\n")
    sys.stdout.write("| model | failed rows | failed families |\n|---|---|---|\n")
    for name, rows in (("before: clean documents only", clean), ("after: variants of the same families", train)):
        x, y = seen.transform([r["document"] for r in rows]), [r["right"] for r in rows]
        for _ in range(EPOCHS):
            model.partial_fit(x, y, classes=classes)
        wrong, asked, bad, families = failures(test, list(model.predict(held)))
        sys.stdout.write(f"| {name} | {shown(wrong, asked)} | {shown(bad, families)} |\n")


if __name__ == "__main__":
    main()
