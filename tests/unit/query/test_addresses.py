import pytest

from data.query.addresses import read_address, read_network


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("2001:DB8:0::1", "2001:db8::1"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("::FFFF:c633:6407", "198.51.100.7"),
    ],
)
def test_an_address_has_one_form(text: str, address: str) -> None:
    assert str(read_address(text)) == address


@pytest.mark.parametrize("text", ["host.example", "", "198.51.100", "10.0.0.1/8", "010.0.0.1"])
def test_anything_else_is_no_address(text: str) -> None:
    assert read_address(text) is None


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("10.1.2.3/8", "10.0.0.0/8"),
        ("10.0.0.0/255.0.0.0", "10.0.0.0/8"),
        ("2001:DB8::1/32", "2001:db8::/32"),
        ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
        ("::ffff:0:0/96", "0.0.0.0/0"),
        ("::ffff:0:0/95", "::fffe:0:0/95"),
    ],
)
def test_a_network_has_one_form(text: str, network: str) -> None:
    assert str(read_network(text)) == network


@pytest.mark.parametrize("text", ["10.0.0.0/33", "10/8", "10.*/8", "/8", "10.0.0.0/"])
def test_anything_else_is_no_network(text: str) -> None:
    with pytest.raises(ValueError, match="."):
        read_network(text)
