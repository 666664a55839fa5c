import random

from cxtext.topics.label import KEYWORDS, Text, name_topics

LAMPS = [
    ("Die Straßenlaterne vor unserem Haus ist defekt", "de"),
    ("Seit Tagen ist eine Straßenlaterne defekt, bitte reparieren", "de"),
    ("Hier gibt es zwei defekte Straßenlaternen", "de"),
    ("An der Ecke flackert die Straßenlaterne, sie ist wohl defekt", "de"),
]
CHARGES = [
    ("Ich habe eine doppelte Abbuchung auf dem Konto", "de"),
    ("Wieder eine doppelte Abbuchung, das Geld fehlt", "de"),
    ("Mein Auszug zeigt eine doppelte Abbuchung im Mai", "de"),
    ("Wegen der doppelten Abbuchung rief ich an", "de"),
]
RETURNS = [
    ("Wann bekomme ich nach der Rücksendung die Erstattung", "de"),
    ("Die Rücksendung ist da, die Erstattung kam nie", "de"),
    ("Nach meiner Rücksendung warte ich", "de"),
    ("Wo bleibt die Erstattung", "de"),
]
PASSWORDS = [
    ("I cannot reset my password", "en"),
    ("Please reset the password for me", "en"),
    ("The link to reset a password is dead", "en"),
    ("Trying to reset my password fails", "en"),
]
TOPICS: dict[str, list[Text]] = {"T-1": LAMPS, "T-2": CHARGES, "T-3": RETURNS, "T-4": PASSWORDS}


def test_german_topics_have_german_names_with_umlauts_capitals_and_whole_compounds() -> None:
    names = name_topics(TOPICS)
    assert names["T-1"].label == "Straßenlaterne defekt"
    assert names["T-2"].label == "Doppelte Abbuchung"
    assert names["T-3"].label in {"Rücksendung und Erstattung", "Erstattung und Rücksendung"}


def test_english_topics_have_english_names() -> None:
    assert name_topics(TOPICS)["T-4"].label == "Reset password"


def test_names_do_not_depend_on_the_order_of_texts() -> None:
    shuffled = {topic: random.Random(1).sample(texts, len(texts)) for topic, texts in reversed(TOPICS.items())}
    assert name_topics(shuffled) == name_topics(TOPICS)


def test_no_two_topics_share_a_name_and_taken_names_are_not_given() -> None:
    names = name_topics({"T-1": LAMPS, "T-2": [*LAMPS], "T-3": RETURNS})
    assert len({name.label for name in names.values()}) == 3
    assert name_topics(TOPICS, taken=["straßenlaterne defekt"])["T-1"].label != "Straßenlaterne defekt"


def test_masks_stop_words_and_cut_words_stay_out() -> None:
    texts = [(f"<NAME> [E-MAIL] {text} und Straßenla…", language) for text, language in LAMPS]
    name = name_topics({"T-1": texts, "T-2": CHARGES})["T-1"]
    told = " ".join([name.label, *name.keywords]).casefold()
    for unwanted in ("name", "mail", "straßenla ", "die ", "bitte"):
        assert unwanted not in f"{told} "


def test_a_topic_in_two_languages_is_named_in_the_more_common_one_and_offers_both() -> None:
    name = name_topics({"T-1": [*CHARGES, *PASSWORDS[:2]], "T-2": LAMPS})["T-1"]
    assert name.languages == ("de", "en")
    assert name.label == name.labels["de"] == "Doppelte Abbuchung"
    assert "password" in name.labels["en"].casefold()


def test_at_most_eight_keywords_and_none_contains_another() -> None:
    for name in name_topics(TOPICS).values():
        assert len(name.keywords) <= KEYWORDS
        assert len({word.casefold() for word in name.keywords}) == len(name.keywords)


def test_texts_without_words_leave_the_id_as_name() -> None:
    assert name_topics({"T-9": [("12 !!", "und")]})["T-9"].label == "T-9"


def test_who_writes_small_is_named_with_the_capitals_of_the_others() -> None:
    small: list[Text] = [(text.lower(), language) for text, language in LAMPS]
    assert name_topics({"T-1": small, "T-2": [*CHARGES, *LAMPS]})["T-1"].label.startswith("Straßenlaterne")
    assert name_topics({"T-1": small, "T-2": [("das geld fehlt", "de")]})["T-1"].label != "T-1"


def test_a_subject_line_that_several_customers_write_becomes_the_name() -> None:
    bodies = ["Seit Tagen warte ich.", "Niemand meldet sich.", "Das ist der dritte Versuch.", "Was nun?"]
    texts: list[Text] = [(f"Techniker nicht erschienen\n\n{body}", "de") for body in bodies]
    others: list[Text] = [(f"{line}\n\nBitte melden.", "de") for line in ("Konto gesperrt", "Konto gesperrt", "Frage")]
    names = name_topics({"T-1": texts, "T-2": others, "T-3": LAMPS})
    assert names["T-1"].label == "Techniker nicht erschienen"
    assert names["T-2"].label == "Konto gesperrt"


def test_what_everybody_adds_at_the_end_does_not_become_the_name() -> None:
    cards: list[Text] = [
        (f"Meine Karte {what}. Ich war {where}. Es eilte. Die Kamera hat alles gesehen.", "de")
        for what, where in (
            ("klemmt", "hier"),
            ("ist weg", "dort"),
            ("klemmt wieder", "allein"),
            ("steckt", "zu zweit"),
        )
    ]
    assert name_topics({"T-1": cards, "T-2": LAMPS, "T-3": RETURNS})["T-1"].label.startswith("Karte")


def test_topics_in_languages_that_nobody_configured_say_so() -> None:
    texts: list[Text] = [("Waar blijft mijn pakket", "nl"), ("Mijn pakket is niet aangekomen", "nl"), ("Merhaba", "tr")]
    assert name_topics({"T-1": texts, "T-2": LAMPS})["T-1"].label == "Andere Sprachen: nl, tr"
    assert name_topics({"T-1": texts, "T-2": PASSWORDS})["T-1"].label == "Other languages: nl, tr"


def test_an_error_code_explains_what_stands_before_it() -> None:
    texts: list[Text] = [
        ("Die Kaffeemaschine zeigt E14", "de"),
        ("E14 seit dem Update, die Kaffeemaschine streikt", "de"),
        ("Kaffeemaschine und wieder E14", "de"),
        ("Im Display steht E14, die Kaffeemaschine ist laut", "de"),
    ]
    assert name_topics({"T-1": texts, "T-2": LAMPS})["T-1"].label == "Kaffeemaschine: E14"


def test_a_group_of_topics_is_named_by_what_it_is_about_not_by_one_complaint() -> None:
    several: list[Text] = [*LAMPS, *CHARGES]
    name = name_topics({"T-1": several, "T-2": PASSWORDS, "T-3": RETURNS}, broad=True)["T-1"].label
    assert name in {"Straßenlaterne und Abbuchung", "Abbuchung und Straßenlaterne"}
