"""Statistics of a run: exact intervals and paired tests in closed form, and what failures depend on by a regularised model."""

from __future__ import annotations

from robustgen.stats.closed import benjamini_hochberg, clopper_pearson, mcnemar, pass_hat_k, sample_size, wilson

__all__ = ["benjamini_hochberg", "clopper_pearson", "mcnemar", "pass_hat_k", "sample_size", "wilson"]
