import random

from hypothesis import given, settings
from hypothesis import strategies as st

from cxtext.domain import Case
from cxtext.text.repeats import fingerprint, fold_repeats, known_folds

LONG = (
    "Seit dem letzten Update lässt sich die App auf meinem Telefon nicht mehr öffnen, sie zeigt kurz das Logo und schließt sich dann "
    "wieder ohne jede Meldung, auch nach einem Neustart und einer neuen Installation bleibt das so, bitte helfen Sie mir schnell weiter"
)


def cases(*texts: str) -> list[Case]:
    return [Case(id=str(number), source="test", text=text, language="de") for number, text in enumerate(texts)]


def folds(*texts: str, known: dict[str, str] | None = None) -> list[str]:
    return [case.fold for case in fold_repeats(cases(*texts), known)]


def test_case_accents_punctuation_numbers_and_pseudonyms_do_not_matter() -> None:
    assert fingerprint("Größe 42, bitte!") == fingerprint("GROESSE 7 bitte")
    assert fingerprint("von <NAME_12ab9f> gehört") == fingerprint("von <NAME_ffffff> gehört")
    assert fingerprint("Größe 42 bitte") != fingerprint("Größe bitte")


def test_a_small_edit_folds_and_another_message_does_not() -> None:
    first, edited, other = folds(
        LONG, LONG.replace("schnell", "rasch"), "Die Rechnung für März enthält einen falschen Betrag und Namen"
    )
    assert first == edited
    assert first != other


def test_short_texts_fold_only_when_equal() -> None:
    assert len(set(folds("danke", "Danke!", "danke sehr", "gut", "Geht nicht", "Geht doch nicht"))) == 5


def test_known_fingerprints_win() -> None:
    old = fold_repeats(cases(LONG))
    known = {fingerprint(LONG): "0000000000000abc"}
    assert folds(LONG, LONG.replace("schnell", "rasch"), known=known) == ["0000000000000abc"] * 2
    assert known_folds(old) == {fingerprint(LONG): old[0].fold}


@settings(deadline=None, max_examples=30)
@given(st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(dice: random.Random) -> None:
    words = LONG.split()
    texts = [" ".join([*words[:place], "neu", *words[place:]]) for place in range(0, len(words), 7)] + [
        "eins zwei",
        LONG,
    ]
    expected = dict(zip(texts, folds(*texts), strict=True))
    shuffled = texts * 2
    dice.shuffle(shuffled)
    assert dict(zip(shuffled, folds(*shuffled), strict=True)) == expected


def test_nothing_in_nothing_out() -> None:
    assert fold_repeats([]) == []
