"""Answers over lists: allergy conflicts, interacting pairs, medication lists compared, findings, structured notes, identifiers."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any

import robustgen

TABLES = Path(__file__).parent / "tables"


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    with (TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def _items(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, (tuple, list)) else (str(value),)


@robustgen.rule
def allergy_label(record: Any) -> str:
    """Return the label of the closed list; an intolerance, or an unverified entry without a reaction, takes precedence."""
    if record.reaction == "not_recorded":
        if not record.verified:
            return "unverified_allergy"
    elif not record.reaction.true_allergy:
        return "unverified_allergy"
    if set(_items(record.allergen.ingredients)) & set(_items(record.drug.ingredients)):
        return "direct"
    if record.allergen.family == record.drug.family == "penicillin":
        return "same_class"
    pairs = {(r["allergen"], r["order"]) for r in _rows("cross_reactivity")}
    return "cross_possible" if (str(record.allergen), str(record.drug)) in pairs else "none_known"


@robustgen.rule
def close_orders(allergen: Any) -> tuple[str, ...]:
    """Return the orders that share an ingredient, a family or a catalogued pair with an allergen; all orders where there is none."""
    own = {r["key"]: r for r in _rows("allergens")}[str(allergen)]
    pairs = {r["order"] for r in _rows("cross_reactivity") if r["allergen"] == str(allergen)}
    near = [
        r["key"]
        for r in _rows("allergy_orders")
        if r["key"] in pairs or r["family"] == own["family"] or set(r["ingredients"].split("|")) & set(own["ingredients"].split("|"))
    ]
    return tuple(near or [r["key"] for r in _rows("allergy_orders")])


@robustgen.rule
def interacting(record: Any) -> list[str]:
    """Return the numbers of the pairs of the closed list that are present."""
    names = {d.name for d in record.drugs}
    return [r["key"] for r in _rows("interactions") if _present(r, names)]


def _present(row: dict[str, str], names: set[str]) -> bool:
    return bool(names & set(row["a"].split("|"))) and bool(names & set(row["b"].split("|")))


@cache
def _generic() -> dict[str, str]:
    return {name: r["names"].split("|")[0] for r in _rows("drugs") for name in r["names"].split("|")}


@robustgen.rule
def same_drug(a: Any, b: Any) -> bool:
    """Tell whether two names are of one drug."""
    return _generic()[str(a)] == _generic()[str(b)]


@robustgen.rule
def all_different(*lists: Any) -> bool:
    """Tell whether no drug stands on two lines of the lists."""
    names = [_generic()[str(m.name)] for lines in lists for m in lines]
    return len(set(names)) == len(names)


def _changes(line: Any) -> list[str]:
    found = []
    if line.name != line.after_name:
        found.append("brand_generic_same")
    if line.dose != line.after_dose:
        found.append("dose_changed")
    if line.freq != line.after_freq:
        found.append("freq_changed")
    if line.route != line.after_route:
        found.append("route_changed")
    if line.duplicate:
        found.append("duplicate")
    return found or ["unchanged"]


@robustgen.rule
def reconciled(record: Any) -> dict[str, list[str]]:
    """Return generic name to the labels that apply, over both lists."""
    found = {_generic()[str(line.name)]: _changes(line) for line in record.kept}
    found |= {_generic()[str(line.name)]: ["stopped"] for line in record.stopped}
    return found | {_generic()[str(line.name)]: ["new"] for line in record.new}


@robustgen.rule
def mostly(value: Any, others: Any) -> tuple[Any, ...]:
    """Return a value three times and the others once, so that most things stay as they are."""
    return (value, value, value, *(o for o in others if o != value))


def _line(row: dict[str, str]) -> dict[str, Any]:
    """Return an unchanged line of a drug."""
    name, route = row["names"].split("|")[0], row["routes"].split("|")[0]
    dose: Any = written_number(row["doses"].split("|")[0])
    line = {"drug": row["key"], "name": name, "after_name": name, "dose": dose, "after_dose": dose, "freq": "daily", "after_freq": "daily"}
    return {**line, "name_changes": False, "freq_changes": False, "route": route, "after_route": route, "duplicate": False, "dup_name": None}


@robustgen.rule
def many_kept(count: Any) -> list[dict[str, Any]]:
    """Return so many unchanged lines of different drugs."""
    return [_line(r) for r in _rows("drugs") if r["known"] == r["gb_same"] == "yes" and r["unit"] == "mg"][: int(count)]


@robustgen.rule
def duplicated(kept: Any) -> list[dict[str, Any]]:
    """Return two lines, the first of a drug that the second list names twice: by its generic name and its brand."""
    rows = [r for r in _rows("drugs") if r["known"] == r["gb_same"] == "yes" and r["unit"] == "mg"]
    first = next(r for r in rows if "|" in r["names"] and r["key"] not in {str(k.drug) for k in kept})
    return [{**_line(first), "duplicate": True, "dup_name": first["names"].split("|")[1]}]


@robustgen.rule
def denied(last: Any) -> list[dict[str, Any]]:
    """Return chest pain and shortness of breath denied, and cough as given."""
    plain = {"side": None, "certainty": "certain", "time": "current", "experiencer": "patient"}
    names = (("chest_pain", "absent"), ("shortness_of_breath", "absent"), ("cough", str(last)))
    return [{"concept": c, "polarity": p, **plain} for c, p in names]


@robustgen.rule
def fathers_heart() -> list[dict[str, Any]]:
    """Return the patient's chest pain and the father's myocardial infarction."""
    own = {"concept": "chest_pain", "side": None, "polarity": "present", "certainty": "certain", "time": "current", "experiencer": "patient"}
    return [own, {**own, "concept": "myocardial_infarction", "time": "past", "experiencer": "family"}]


@robustgen.rule
def donor() -> list[dict[str, Any]]:
    """Return the findings of the edge case of a donor's record: the donor's stroke is not the patient's."""
    own = {"concept": "fever", "side": None, "polarity": "absent", "certainty": "certain", "time": "current", "experiencer": "patient"}
    return [own, {**own, "concept": "hypertension", "polarity": "present"}]


def written_number(text: str) -> Any:
    """Return a written number as tables give it: whole numbers as int, others exact."""
    from decimal import Decimal

    return Decimal(text) if "." in text else int(text)


@robustgen.rule
def findings_json(record: Any) -> list[dict[str, Any]]:
    """Return the findings as the schema of the question asks for them."""
    fields = ("polarity", "certainty", "time", "experiencer")
    return [{"concept": str(f.concept), **{n: str(getattr(f, n)) for n in fields}, "side": f.side or "none"} for f in record.findings]


@robustgen.rule
def note_json(record: Any) -> dict[str, Any]:
    """Return the fields of a note; None where nothing is stated."""
    names = ("age", "sex", "weight", "smoking", "allergen", "drug", "dose", "systolic", "diastolic", "weeks")
    return {n: (str(v) if isinstance(v := record.get(n), str) else v) for n in names}


@robustgen.rule
def note_empty(record: Any) -> bool:
    """Tell whether a note states nothing at all."""
    return all(v is None for v in note_json(record).values())


@robustgen.rule
def identifiers(record: Any) -> list[str]:
    """Return what the safe harbour removes, as it stands in the document; an age above 89 is one of them, the state is not."""
    names = ("patient", "mrn", "phone", "ssn", "email", "street", "city")
    found = [str(getattr(record, n)) for n in names] + [record.born.isoformat(), record.seen.isoformat()]
    return [*found, str(record.age)] if record.age > 89 else found
