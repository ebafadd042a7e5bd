"""From responses to verdicts: reading answers, building trials, asking every oracle."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from robustgen.core.case import Case, Effect
from robustgen.core.language import Language
from robustgen.core.plugins import OracleSpec
from robustgen.core.verdict import Bound, Outcome, Reply, Response, Trial, Verdict

__all__ = ["Judge", "Read"]

Read = Callable[[Case, Response], Reply]


def _concerns(spec: OracleSpec, effect: Effect, domain: str) -> bool:
    """Tell whether an oracle judges cases of an effect in a domain."""
    return (effect in spec.effects or effect is Effect.preserves) and (not spec.domain or spec.domain == domain)


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
        bounds: Callable[[Case], Mapping[str, Sequence[Bound]]] = lambda case: {},
        seen: Mapping[str, str] | None = None,
        met: Callable[[Case], None] = lambda case: None,
    ) -> None:
        """``can`` is what the target can express; ``severity`` lets a pack grade a verdict, ``bounds`` says what is asked of an oracle.

        ``seen`` maps identifiers of the run's cases to their families; ``met`` hears of every case, to fill it.
        """
        self.oracles, self.read, self.can, self._language, self._severity = oracles, read, can, language, severity
        self._bounds, self._seen, self._met = bounds, seen if seen is not None else {}, met
        self._chosen: dict[tuple[str, str], list[OracleSpec]] = {}

    def trial(self, case: Case, responses: Sequence[Response], base: Case | None, base_responses: Sequence[Response]) -> Trial:
        """Return what the oracles see."""
        replies = [self.read(case, r) for r in responses]
        return self.trial_of(case, replies, base, [self.read(base, r) for r in base_responses] if base else [])

    def trial_of(self, case: Case, replies: list[Reply], base: Case | None, base_replies: list[Reply]) -> Trial:
        """Return what the oracles see of answers already read."""
        self._met(case)
        language = self._language(case.tag) if self._language else None
        return Trial(
            case=case, replies=replies, base=base, base_replies=base_replies, can=self.can, language=language, seen=self._seen, bounds=self._bounds(case)
        )

    def verdicts(self, trial: Trial) -> list[Verdict]:
        """Return the verdict of every oracle that concerns the case: of its effect, and of all domains or of its own."""
        key = (trial.case.effect.value, trial.case.domain)
        chosen = self._chosen.get(key)
        if chosen is None:
            chosen = self._chosen[key] = [s for s in self.oracles if _concerns(s, Effect(key[0]), key[1])]
        return [self.one(spec, trial) for spec in chosen]

    def one(self, spec: OracleSpec, trial: Trial) -> Verdict:
        """Return one oracle's verdict, graded by the case's pack."""
        try:
            verdict = spec.fn(trial)
            if verdict.outcome is Outcome.skip:
                return verdict
            if verdict.oracle != spec.name:
                verdict = msgspec.structs.replace(verdict, oracle=spec.name)
            if spec.regulations and not verdict.regulations:
                verdict = msgspec.structs.replace(verdict, regulations=list(spec.regulations))
            return self._severity(trial.case, verdict)
        except Exception as error:
            return Verdict(oracle=spec.name, outcome=Outcome.error, severity=spec.severity, why=f"the oracle raised {type(error).__name__}: {error}")
