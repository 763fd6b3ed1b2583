import pytest

from ngrok_scim_cli.text.json_values import NotJsonError, read_json
from tests.support.cases import each_case

MEGABYTE = 1024 * 1024


@pytest.mark.parametrize(
    "text", ['{"a": [1, null]}', b'{"a": [1, null]}', '\ufeff{"a": 1}'.encode()]
)
def test_json_is_read_from_text_and_from_bytes(text: str | bytes) -> None:
    assert isinstance(read_json(text), dict)


@each_case(
    "text",
    [
        *("", "{", "NaN", "[Infinity]", "\ud800"),
        "[" * 30_000,
        "[" + "1" * 10_000 + "]",
        # A megabyte that would take twenty-five.
        "[" + ",".join(["{}"] * (MEGABYTE // 3)) + "]",
        "[" + ",".join(['{"a":1}'] * (MEGABYTE // 8)) + "]",
        "[" + ",".join(['"ab"'] * (MEGABYTE // 5)) + "]",
    ],
)
def test_what_is_no_json_or_would_take_too_much_is_refused(text: str) -> None:
    with pytest.raises(NotJsonError):
        read_json(text)


def test_a_full_page_of_a_directory_is_read() -> None:
    user = (
        '{"id": "0123456789abcdef", "userName": "ada.lovelace@corp.example", "active": true,'
        ' "name": {"givenName": "Ada", "familyName": "Lovelace"}, "displayName": "Ada Lovelace",'
        ' "emails": [{"value": "ada.lovelace@corp.example", "primary": true, "type": "work"}],'
        ' "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],'
        ' "meta": {"resourceType": "User", "location": "https://api.ngrok.com/scim/v2/Users/1"}}'
    )
    users = read_json("[" + ",".join([user] * (MEGABYTE // len(user))) + "]")
    assert isinstance(users, list)
    assert len(users) > 2_000
