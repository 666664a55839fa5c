import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxtext.domain import Aim, Case, IntentKind, Mood
from cxtext.intent import INTENTS
from cxtext.intent.cues import Cues, settle

CUES = Cues()


@pytest.mark.parametrize(
    ("text", "language", "intent"),
    [
        ("Hiermit kündige ich meinen Vertrag, weil die App ständig abstürzt.", "de", "cancellation"),
        ("Hiermit kuendige ich meinen Vertrag.", "de", "cancellation"),
        ("Das Gerät ist defekt angekommen.", "de", "complaint"),
        ("Wie ändere ich meine Adresse?", "de", "question"),
        ("Ein dunkles Design wäre toll!", "de", "wish"),
        ("Ein großes Lob an Ihr Team", "de", "praise"),
        ("Ein grosses Lob an Ihr Team", "de", "praise"),
        ("Anbei die Unterlagen.", "de", "other"),
        ("Please cancel my subscription", "en", "cancellation"),
        ("Could you add a dark mode?", "en", "wish"),
        ("Ich will nicht kündigen, sondern verlängern.", "de", "other"),
        ("Je voudrais résilier mon contrat.", "fr", "other"),
    ],
)
def test_intent(text: str, language: str, intent: str) -> None:
    assert CUES.find_aim(text, language).intent == intent


def test_evidence_is_the_words_as_the_customer_wrote_them() -> None:
    aim = CUES.find_aim("Ich MÖCHTE den Vertrag bitte kündigen!", "de")
    assert aim.evidence[0] == "MÖCHTE den Vertrag bitte kündigen"


def test_urgency_grows_with_every_reason_and_stays_below_one() -> None:
    calm = CUES.find_aim("Bitte um Rückruf.", "de").urgency
    one = CUES.find_aim("Bitte umgehend um Rückruf.", "de").urgency
    three = CUES.find_aim("Bitte umgehend! Der Akku qualmt, sonst gehe ich zum Anwalt.", "de").urgency
    assert 0 == calm < one < three < 1


def test_two_words_for_the_same_reason_count_once() -> None:
    assert CUES.find_aim("sofort", "de").urgency == CUES.find_aim("sofort, umgehend und dringend", "de").urgency


def test_a_cancellation_names_its_reason_and_its_touchpoint() -> None:
    details = CUES.find_details("Ich kündige wegen der Preiserhöhung auf meiner Rechnung.", "de")
    assert (details.cancellation_reason, details.touchpoint) == ("price", "purchase and billing")
    assert "Preiserhöhung" in details.evidence


def test_without_a_cancellation_there_is_no_reason_for_one() -> None:
    assert CUES.find_details("Die Preiserhöhung ärgert mich.", "de").cancellation_reason is None


def test_read_and_details_answer_in_order() -> None:
    cases = [
        Case(id="1", source="t", text="Wo ist mein Paket?", language="de"),
        Case(id="2", source="t", text="", language="und"),
    ]
    assert [aim.intent for aim in CUES.read(cases)] == ["question", "other"]
    assert [one.touchpoint for one in CUES.details(cases)] == ["delivery", None]


@pytest.mark.parametrize(
    ("intent", "mood", "settled"),
    [
        ("other", Mood(-0.6, "negative", 0.8, ("kaputt",)), "complaint"),
        ("other", Mood(-0.3, "negative", 0.4), "other"),
        ("other", Mood(0.7, "positive", 0.8), "praise"),
        ("praise", Mood(-0.6, "negative", 0.8), "complaint"),
        ("question", Mood(-0.3, "negative", 0.8), "question"),
        ("question", Mood(-0.8, "negative", 0.8), "complaint"),
        ("cancellation", Mood(-0.9, "negative", 0.9), "cancellation"),
        ("wish", Mood(-0.9, "negative", 0.9), "wish"),
    ],
)
def test_the_mood_settles_what_cues_leave_open(intent: IntentKind, mood: Mood, settled: str) -> None:
    assert settle(Aim(intent), mood).intent == settled


def test_a_mood_that_decided_is_named_as_evidence() -> None:
    assert settle(Aim(), Mood(-0.6, "negative", 0.8, ("kaputt",))).evidence == ("kaputt",)


@given(st.text(max_size=200))
def test_any_text_gets_an_aim_whose_evidence_stands_in_it(text: str) -> None:
    aim = CUES.find_aim(text, "de")
    assert 0 <= aim.urgency < 1
    assert all(words in text for words in aim.evidence)


def test_the_registry_finds_the_cues() -> None:
    assert INTENTS.load("cues") is Cues
