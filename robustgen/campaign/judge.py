"""From responses to verdicts: reading answers, building trials, asking every oracle."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from robustgen.core.case import Case, Effect
from robustgen.core.language import Language
from robustgen.core.plugins import OracleSpec
from robustgen.core.verdict import Outcome, Reply, Response, Trial, Verdict

__all__ = ["Judge", "Read"]

Read = Callable[[Case, Response], Reply]


class Judge:
    """Reads answers and applies oracles; an oracle that raises gives an error verdict."""

    def __init__(
        self,
        oracles: Sequence[OracleSpec],
        read: Read,
        *,
        can: frozenset[str],
        language: Callable[[str], Language] | None = None,
        severity: Callable[[Case, Verdict], Verdict] = lambda case, verdict: verdict,
    ) -> None:
        """``can`` is what the target can express; ``severity`` lets a pack grade a verdict."""
        self.oracles, self.read, self.can, self._language, self._severity = oracles, read, can, language, severity

    def trial(self, case: Case, responses: Sequence[Response], base: Case | None, base_responses: Sequence[Response]) -> Trial:
        """Return what the oracles see."""
        replies = [self.read(case, r) for r in responses]
        return self.trial_of(case, replies, base, [self.read(base, r) for r in base_responses] if base else [])

    def trial_of(self, case: Case, replies: list[Reply], base: Case | None, base_replies: list[Reply]) -> Trial:
        """Return what the oracles see of answers already read."""
        language = self._language(case.tag) if self._language else None
        return Trial(case=case, replies=replies, base=base, base_replies=base_replies, can=self.can, language=language)

    def verdicts(self, trial: Trial) -> list[Verdict]:
        """Return every oracle's verdict."""
        effect = trial.case.effect
        return [self._severity(trial.case, self.one(spec, trial)) for spec in self.oracles if effect in spec.effects or effect is Effect.preserves]

    def one(self, spec: OracleSpec, trial: Trial) -> Verdict:
        """Return one oracle's verdict."""
        try:
            return spec.fn(trial)
        except Exception as error:
            return Verdict(oracle=spec.name, outcome=Outcome.error, severity=spec.severity, why=f"the oracle raised {type(error).__name__}: {error}")
