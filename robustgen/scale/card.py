"""The card of a data set (Markdown with YAML in front), its Croissant description, and the manifest they are made from."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from robustgen.datasets._base import COLUMNS
from robustgen.datasets._table import LISTS, NUMBERS, TURNS

__all__ = ["Manifest", "card", "croissant"]

SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"), (10_000_000, "1M<n<10M"), (10**30, "n>10M"))
CONTEXT: Mapping[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


class File(msgspec.Struct, frozen=True):
    """One data file."""

    path: str
    split: str
    rows: int
    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What was made and from what; holds no clock, so the same command writes the same bytes."""

    schema: str = "robustgen.dataset/1"
    name: str
    format: str
    job: str
    robustgen: str
    settings: Mapping[str, Any]
    files: Sequence[File]
    cases: int
    rows: int
    dropped: Mapping[str, int]
    families: Mapping[str, int]
    counts: Mapping[str, Mapping[str, Mapping[str, int]]]
    """Factor to level to split to rows."""
    packs: Mapping[str, str]
    license: str
    languages: Sequence[str]
    beside: Sequence[str] = ()
    """The other files that were written."""

    @property
    def splits(self) -> dict[str, list[File]]:
        """The files of each split."""
        made: dict[str, list[File]] = {}
        for file in self.files:
            made.setdefault(file.split, []).append(file)
        return made


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _front(made: Manifest, *, table: bool) -> list[str]:
    size = next(name for most, name in SIZES if made.rows < most)
    lines = ["---", f"license: {made.license}", "language:", *(f"- {_quoted(t)}" for t in made.languages)]
    lines += [f"pretty_name: {_quoted(made.name)}", "task_categories:", "- text-generation", "- question-answering", "size_categories:", f"- {_quoted(size)}"]
    lines += ["tags:", "- synthetic", "- robustness", "- robustgen", "configs:", "- config_name: default", "  data_files:"]
    for split, files in made.splits.items():
        lines.append(f"  - split: {split}")
        lines += ["    path:", *(f"    - {_quoted(f.path)}" for f in files)]
    if table:
        lines += ["dataset_info:", "  features:"]
        for name in COLUMNS:
            if name in TURNS:
                lines += [f"  - name: {name}", "    list:", "    - name: role", "      dtype: string", "    - name: content", "      dtype: string"]
            elif name in LISTS:
                lines += [f"  - name: {name}", "    list: string"]
            else:
                lines += [f"  - name: {name}", f"    dtype: {'int64' if name in NUMBERS else 'string'}"]
        lines.append("  splits:")
        for split, files in made.splits.items():
            lines += [f"  - name: {split}", f"    num_bytes: {sum(f.bytes for f in files)}", f"    num_examples: {sum(f.rows for f in files)}"]
        total = sum(f.bytes for f in made.files)
        lines += [f"  download_size: {total}", f"  dataset_size: {total}"]
    return [*lines, "---", ""]


def _counts(made: Manifest) -> list[str]:
    splits = list(made.splits)
    lines = []
    for factor, levels in made.counts.items():
        lines += [f"| {factor} | " + " | ".join(splits) + " |", "|---|" + "---:|" * len(splits)]
        lines += [f"| {level} | " + " | ".join(str(by.get(s, 0)) for s in splits) + " |" for level, by in levels.items()]
        lines.append("")
    return lines


def card(made: Manifest, *, table: bool) -> str:
    """Return the card; ``table`` puts the columns' types into its front."""
    lost = sum(made.dropped.values())
    rate = [f"- {why.replace('_', ' ')}: {n} ({n / made.cases:.2%} of the cases)" for why, n in made.dropped.items()] if made.cases else []
    settings = "\n".join(f"    {k} = {json.dumps(v, ensure_ascii=False)}" for k, v in made.settings.items())
    lines = [
        *_front(made, table=table),
        f"# {made.name}",
        "",
        "**Synthetic data.** Every document was generated from facts by a grammar; no text, person, company or event is real, and no model wrote any of it.",
        "The answers were computed from those facts, not written or judged by a model.",
        "",
        "## What is in it",
        "",
        f"{made.rows} records from {made.cases} cases in the format `{made.format}`.",
        *(f"Split `{s}`: {sum(f.rows for f in files)} records of {made.families.get(s, 0)} families." for s, files in made.splits.items()),
        "A family is a clean document with all its perturbed variants; a family lies in one split only.",
        "",
        *_counts(made),
        "## What was left out",
        "",
        *(rate or ["Nothing."]),
        *([f"Together {lost} of {made.cases}."] if lost else []),
        "",
        "## Where it comes from",
        "",
        f"robustgen {made.robustgen}; packs: {', '.join(f'{k} {v}' for k, v in made.packs.items()) or 'none'}. Settings:",
        "",
        settings,
        "",
        "The same settings make the same bytes. Where each record comes from (case, family, pack and version, seed, index, what was done to the text)",
        "stands in its columns, or line by line in `provenance/`. `manifest.json` holds the digests of all files.",
        "",
        "## Limits",
        "",
        "- Wording comes from templates and varies less than people's does; measure on real data too.",
        "- Figures and rules in the documents are test bounds, not advice for any real case.",
        "- Splits keep families apart, not templates: held-out documents are new facts and new noise in known kinds of documents.",
        "- Wrong answers in preference data are computed slips or answers that a system gave; each was compared with the expected answer and differs from it.",
        "",
        "## Licence",
        "",
        f"{made.license}. The names in the documents come from frozen pools of the Faker project (MIT licence) and belong to nobody.",
        "",
    ]
    return "\n".join(lines)


def croissant(made: Manifest) -> str:
    """Return the description in Croissant 1.1 (JSON-LD): every file with its digest, every column with its type and source."""
    files, sets = [], []
    for file in made.files:
        files.append(
            {
                "@type": "cr:FileObject",
                "@id": file.path,
                "name": file.path,
                "contentUrl": file.path,
                "contentSize": f"{file.bytes} B",
                "encodingFormat": "application/x-parquet",
                "sha256": file.sha256,
            }
        )
        name = file.path.rpartition("/")[2].partition(".")[0]
        fields = []
        for column in COLUMNS:
            if column in TURNS:
                continue
            field: dict[str, Any] = {"@type": "cr:Field", "@id": f"{name}/{column}", "name": column}
            field["dataType"] = "sc:Integer" if column in NUMBERS else "sc:Text"
            if column in LISTS:
                field["repeated"] = True
            fields.append({**field, "source": {"fileObject": {"@id": file.path}, "extract": {"column": column}}})
        sets.append({"@type": "cr:RecordSet", "@id": name, "name": name, "description": f"{file.rows} records of the split {file.split}", "field": fields})
    body = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": made.name,
        "description": f"Synthetic documents with questions, exact answers and where they come from; made by robustgen {made.robustgen}.",
        "license": f"https://spdx.org/licenses/{made.license}.html",
        "url": f"urn:robustgen:{made.job}",
        "version": "1.0.0",
        "datePublished": "2026-01-01",
        "inLanguage": list(made.languages),
        "keywords": ["synthetic", "robustness"],
        "rai:dataCollection": "Generated by grammars from drawn facts; answers computed from the facts; no human or model annotation.",
        "rai:dataBiases": "Wording comes from templates; kinds of documents, names and perturbations are those of the packs.",
        "rai:personalSensitiveInformation": "None: names are drawn from pools of synthetic names, identifiers are invented.",
        "distribution": files,
        "recordSet": sets,
    }
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"
