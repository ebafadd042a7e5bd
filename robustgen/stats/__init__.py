"""Statistics of a run: exact intervals and paired tests in closed form, and what failures depend on by a regularised model."""

from __future__ import annotations

from robustgen.stats.agreement import Agreement, agreement_of, share_told
from robustgen.stats.closed import benjamini_hochberg, clopper_pearson, mcnemar, pass_hat_k, sample_size, wilson

__all__ = ["Agreement", "agreement_of", "benjamini_hochberg", "clopper_pearson", "mcnemar", "pass_hat_k", "sample_size", "share_told", "wilson"]
