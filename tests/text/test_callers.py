import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxtext.text.callers import caller_patterns, callers
from cxtext.text.language import known_languages, load_language
from cxtext.text.redact import Redactor

PLAIN = Redactor(addresses="full")
SURNAMES = ["Braun", "Müller", "Özdemir", "Kowalski", "Lüdenscheidt-Vogt", "van der Berg", "O'Brien", "Smith", "Weiß"]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Braun am Apparat. Mein Paket fehlt.", "de", "<NAME> am Apparat. Mein Paket fehlt."),
        ("Guten Tag Braun am Apparat", "de", "Guten Tag <NAME> am Apparat"),
        ("Kunde: „Braun am Apparat“", "de", "Kunde: „<NAME> am Apparat“"),
        ("Guten Tag, Müller hier, ich warte noch.", "de", "Guten Tag, <NAME> hier, ich warte noch."),
        ("Müller hier. Ich warte.", "de", "<NAME> hier. Ich warte."),
        ("Kowalski hier noch einmal. Es klemmt.", "de", "<NAME> hier noch einmal. Es klemmt."),
        ("Hier ist Schulze, ich rufe wegen der Rechnung an.", "de", "Hier ist <NAME>, ich rufe wegen der Rechnung an."),
        ("Hier Wagner, Kundennummer 3", "de", "Hier <NAME>, Kundennummer 3"),
        ("Hier spricht Braun.", "de", "Hier spricht <NAME>."),
        ("Es spricht Braun.", "de", "Es spricht <NAME>."),
        ("Mein Name ist Öztürk.", "de", "Mein Name ist <NAME>."),
        ("Braun ist mein Name.", "de", "<NAME> ist mein Name."),
        ("Braun, mein Name, guten Tag", "de", "<NAME>, mein Name, guten Tag"),
        ("Sie sprechen mit Braun.", "de", "Sie sprechen mit <NAME>."),
        ("This is Smith speaking.", "en", "This is <NAME> speaking."),
        ("This is Smith calling about my bill", "en", "This is <NAME> calling about my bill"),
        ("Smith speaking, I have a problem", "en", "<NAME> speaking, I have a problem"),
        ("Hello, Brown here, still waiting", "en", "Hello, <NAME> here, still waiting"),
        ("It's Brown on the phone", "en", "It's <NAME> on the phone"),
        ("Am I speaking with Brown?", "en", "Am I speaking with <NAME>?"),
        ("Braun am Telefon.", "de", "<NAME> am Telefon."),
        ("Peter Braun ruft an", "de", "<NAME> ruft an"),
        ("BRAUN AM APPARAT", "de", "<NAME> AM APPARAT"),
        ("Guten Tag, Braun, ich rufe an wegen der Rechnung", "de", "Guten Tag, <NAME>, ich rufe an wegen der Rechnung"),
        ("Kunde Müller möchte Rückruf", "de", "Kunde <NAME> möchte Rückruf"),
        ("mein name ist anna schmidt und ich warte", "de", "mein name ist <NAME> und ich warte"),
        ("ich heiße max kowalczyk, und", "de", "ich heiße <NAME>, und"),
        ("Smith on the phone. Still broken", "en", "<NAME> on the phone. Still broken"),
        ("my name is anna jones and i wait", "en", "my name is <NAME> and i wait"),
        ("Dupont au téléphone.", "fr", "<NAME> au téléphone."),
        ("Dubois à l'appareil, je rappelle", "fr", "<NAME> à l'appareil, je rappelle"),
    ],
)
def test_callers_are_masked(text: str, language: str, expected: str) -> None:
    assert PLAIN.redact(text, language).text == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Kunde am Apparat.", "de"),
        ("Der Kunde am Apparat, sehr verärgert", "de"),
        ("Niemand am Apparat.", "de"),
        ("Am Apparat ist ein Kratzer.", "de"),
        ("Schlagloch hier.", "de"),
        ("Hier ist Stau.", "de"),
        ("Hier ist Köln schöner.", "de"),
        ("Wir hier in Konstanz warten.", "de"),
        ("Unfreundlich am Telefon.", "de"),
        ("Der Koch am Telefon.", "de"),
        ("STUNDEN AM TELEFON", "de"),
        ("Guten Tag, Frage, ich brauche", "de"),
        ("mein name ist falsch geschrieben", "de"),
        ("Mein Name ist programm.", "de"),
        ("Rude on the phone.", "en"),
        ("my name is misspelled", "en"),
        ("URGENT HERE, I WAIT", "en"),
        ("Strictly speaking, it works.", "en"),
        ("English speaking staff is missing", "en"),
        ("Nobody here, I waited.", "en"),
        ("Here I am again", "en"),
    ],
)
def test_what_is_no_caller_stays(text: str, language: str) -> None:
    assert PLAIN.redact(text, language).text == text


FRAMES = [
    (code, frame) for code in known_languages() for frame in load_language(code).caller_frames
]  # what each language file promises


@pytest.mark.parametrize(("code", "frame"), FRAMES)
@settings(deadline=None, max_examples=15)
@given(st.sampled_from(SURNAMES))
def test_every_frame_of_every_language_hides_the_name(code: str, frame: str, name: str) -> None:
    said = frame.replace("…", name)
    for text in (said, f"{said[0].upper()}{said[1:]}", f"Ok.\n{said} x" if said[-1] in ",." else f"Ok. {said} x"):
        assert name not in PLAIN.redact(text, code).text


SURNAME_FRAMES = [(code, frame) for code in known_languages() for frame in load_language(code).surname_frames]


@pytest.mark.parametrize(("code", "frame"), SURNAME_FRAMES)
def test_every_frame_for_listed_surnames_hides_these_and_nothing_else(code: str, frame: str) -> None:
    for name in sorted(load_language(code).surnames)[::9]:
        assert name not in PLAIN.redact(f"Ok.\n{frame.replace('…', name)} x", code).text
    said = f"Ok.\n{frame.replace('…', 'Zeitdruck')} x"
    assert PLAIN.redact(said, code).text == said


def test_words_before_the_name_stay() -> None:
    patterns = caller_patterns(["… hier, ich"], ["kunde"])
    text = "Guten Tag Braun hier, ich warte"
    folded = frozenset(["guten", "tag", "braun", "hier", "ich", "warte"])
    (found,) = callers(text, folded, patterns, frozenset({"guten", "tag"}))
    assert (found.kind, text[found.start : found.end]) == ("NAME", "Braun")
    assert not list(callers("Kunde hier, ich warte", folded, patterns, frozenset()))


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet="Braunhieispckmpt .,…\n", max_size=120))
def test_names_lie_inside_the_text(text: str) -> None:
    for found in PLAIN.redact(text, "de").found:
        assert 0 <= found.start < found.end <= len(text)
