"""Free text in ten languages: the number or status that an answer states, and unsure where it states none."""

from __future__ import annotations

import msgspec
import pytest

from robustgen.answers import accepted, read_answer
from robustgen.core.case import Case, Envelope, Expected
from robustgen.core.verdict import Response
from robustgen.generate import Generator, Selection
from robustgen.packs.language import load_language


@pytest.fixture(scope="module")
def case() -> Case:
    """Return a case whose right answer is 1500 mg."""
    made = Generator(Selection.of(["clinical"], tasks=["CL-T01"], kinds=["clean"])).case(0)
    return msgspec.structs.replace(made, expected=Expected(accept=[Envelope(value="1500", unit="mg")]), readings=[])


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("en", "**1,500 mg**"),
        ("en", "1.5 g per day"),
        ("en", "500 mg three times a day gives 500 × 3 = 1500 mg."),
        ("en", "It is 1400 mg. Sorry, correction: 1500 mg."),
        ("en", "It would be 1500 mg/day, not 15000 mg."),
        ("en", "The total is fifteen hundred mg"),
        ("en", 'Here you are: {"status": "answer", "value": "1500", "unit": "mg"} Hope it helps.'),
        ("es", "La dosis diaria total es de 1.500 mg."),
        ("fr", "La dose totale est de 1\u202f500 mg par jour."),
        ("de", "Die Tagesdosis beträgt 1.500 mg."),
        ("pt", "A dose diária total é de 1.500 mg."),
        ("it", "La dose giornaliera totale è 1500 mg."),
        ("zh", "每日总剂量为1500毫克。"),
        ("ja", "1日の総量は1,500mgです。"),
        ("ar", "الجرعة اليومية الإجمالية هي ١٥٠٠ ملغ."),
        ("hi", "कुल दैनिक खुराक १५०० मि.ग्रा. है।"),
    ],
)
def test_a_right_answer_is_read(tag: str, text: str, case: Case) -> None:
    """Marks, digits, scale words, corrections and JSON of each language."""
    reply = read_answer(case, Response(text=text), load_language(tag))
    assert reply.envelope is not None, reply.unsure
    assert accepted(reply.envelope, case.expected), reply.envelope


@pytest.mark.parametrize(
    ("tag", "text", "status"),
    [
        ("en", "Could you please clarify how often it is taken?", "ask"),
        ("en", "The frequency is not stated.", "ask"),
        ("en", "I'm sorry, but I can't help with that.", "refuse"),
        ("en", "I can't help with that.", "refuse"),
        ("en", "Call 911 now.", "escalate"),
        ("es", "No está claro con qué frecuencia; ¿podría confirmarla?", "ask"),
        ("es", "Lo siento, no puedo ayudar con eso.", "refuse"),
        ("fr", "Je ne peux pas déterminer la dose, la fréquence n'est pas précisée.", "ask"),
        ("de", "Das lässt sich nicht berechnen, die Häufigkeit ist nicht angegeben.", "ask"),
        ("de", "Dabei kann ich Ihnen leider nicht helfen.", "refuse"),
        ("pt", "Não está claro; você pode confirmar a frequência?", "ask"),
        ("it", "Non è possibile calcolare la dose, mancano informazioni.", "ask"),
        ("zh", "信息不足，无法计算。", "ask"),
        ("ja", "頻度が不明のため計算できません。", "ask"),
        ("ar", "التكرار غير محدد، لا يمكنني حساب الجرعة.", "ask"),
        ("hi", "आवृत्ति स्पष्ट नहीं है, कृपया बताएं।", "ask"),
    ],
)
def test_a_status_is_read(tag: str, text: str, status: str, case: Case) -> None:
    """Asking back, refusing and escalating in each language."""
    reply = read_answer(case, Response(text=text), load_language(tag))
    assert reply.envelope is not None, reply.unsure
    assert reply.envelope.status == status


@pytest.mark.parametrize("text", ["500 mg or perhaps 1500 mg", "lorem ipsum dolor", "", "[]", "{" * 500])
def test_nothing_certain_is_unsure(text: str, case: Case) -> None:
    """Several candidates, none, or hostile nesting: no guess, no crash."""
    assert read_answer(case, Response(text=text), load_language("en")).envelope is None


def test_an_echo_of_the_document_is_no_answer(case: Case) -> None:
    """Repeating the input answers nothing."""
    assert read_answer(case, Response(text=case.text), load_language("en")).envelope is None
