import pytest

from cxtext.text.checksums import is_card, is_ean13, is_iban, is_luhn, is_tax_id


@pytest.mark.parametrize(
    "number", ["DE89370400440532013000", "AT611904300234573201", "CH9300762011623852957", "GB82WEST12345698765432"]
)
def test_an_iban_is_known_by_length_and_remainder(number: str) -> None:
    assert is_iban(number)
    assert not is_iban(number[:-1] + str((int(number[-1]) + 1) % 10))
    assert not is_iban(number[:-1])


@pytest.mark.parametrize(
    "number", ["4111111111111111", "5555555555554444", "2221000000000009", "378282246310005", "30569309025904"]
)
def test_cards_of_issuers_in_use(number: str) -> None:
    assert is_card(number)
    assert not is_card(number[:-1] + str((int(number[-1]) + 1) % 10))


def test_a_luhn_number_outside_the_issuers_is_no_card() -> None:
    assert is_luhn("9999999999999995")
    assert not is_card("9999999999999995")


def test_tax_ids() -> None:
    assert is_tax_id("86095742719")
    assert not is_tax_id("86095742718")
    assert not is_tax_id("06095742719")
    assert not is_tax_id("12345678901")


def test_a_swiss_number_ends_in_the_gs1_digit() -> None:
    assert is_ean13("7569217076985")
    assert not is_ean13("7569217076986")
