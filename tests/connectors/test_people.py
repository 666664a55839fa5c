from cxtext.connectors.people import names_of


def test_lists_are_taken_apart_and_names_come_once() -> None:
    assert names_of([["Erika Muster", "Max Beispiel"], "Erika Muster", None, "n/a"]) == ("Erika Muster", "Max Beispiel")


def test_phone_numbers_count_and_numbers_of_agents_do_not() -> None:
    assert names_of(["0171 1234567", "4711", 360_000_123, "-"]) == ("0171 1234567",)


def test_a_customer_s_id_counts_where_it_is_a_name_or_an_address() -> None:
    assert names_of([], "erika@example.org") == ("erika@example.org",)
    assert names_of([], "K-4711") == ()
