import pytest

from ngrok_scim_cli.sandbox.account import without_keys
from ngrok_scim_cli.sandbox.server import Sandbox
from tests.sandbox.client import NGROK_VERSION, OKTA_TEST, api, send
from tests.support.cases import each_case

WELL_FORMED = "2RfSBcv0nsy71XCHWOegjx1OoKh_5q8Wd3bcfiZ4yRkVtKsGm"


def _status(sandbox: Sandbox, authorization: bytes, target: str = OKTA_TEST) -> int:
    return send(sandbox, "GET", target, authorization=authorization, headers=NGROK_VERSION).status


@each_case("target", [OKTA_TEST, "/api_keys"])
@each_case(
    ("authorization", "status", "code", "echo"),
    [
        (None, 403, 200, None),
        (b"", 403, 200, None),
        (b"Bearer", 403, 200, None),
        (b"Bearer ", 403, 200, None),
        (b"Bearer Bearer x", 403, 201, "'Bearer Bearer x'"),
        (b"Bearer  x", 403, 201, "'Bearer  x'"),
        (b"Token x", 403, 201, "'Token x'"),
        (b"x", 403, 201, "'x'"),
        (b"Bearer notarealtoken", 403, 202, "'notarealtoken'"),
        (b"Bearer \xe2\x80\x9cx\xe2\x80\x9d", 403, 202, "'\u201cx\u201d'"),
        (f"Bearer {WELL_FORMED}".encode(), 403, 203, f"'{WELL_FORMED}'"),
        (b"Bearer cr_2RfSBcv0nsy71XCHWOegjx1OoKh", 400, 207, "'cr_2RfSB"),
        (b"Bearer ak_2RfSBcv0nsy71XCHWOegjx1OoKh", 400, 208, "'ak_2RfSB"),
    ],
)
def test_wrong_credential_is_refused_as_ngrok_does(
    shared_sandbox: Sandbox,
    *,
    target: str,
    authorization: bytes | None,
    status: int,
    code: int,
    echo: str | None,
) -> None:
    got = send(shared_sandbox, "GET", target, authorization=authorization, headers=NGROK_VERSION)

    assert (got.status, got.error_code) == (status, f"ERR_NGROK_{code}")
    assert got.json["status_code"] == status
    assert got.json["details"]["operation_id"] == got.headers["ngrok-operation-id"]
    assert echo is None or echo in got.json["msg"]


def test_authtoken_is_distinguished_from_a_key(shared_sandbox: Sandbox) -> None:
    token = shared_sandbox.account.authtoken
    got = send(shared_sandbox, "GET", OKTA_TEST, authorization=f"Bearer {token}".encode())

    assert (got.status, got.error_code) == (400, "ERR_NGROK_206")
    assert token in got.json["msg"]


@each_case(
    ("dirt_before", "dirt_behind"),
    [
        (b"", b"\xa0"),
        (b"", b"\xc2\xa0"),
        (b"\xa0", b""),
        (b"", b"\x85"),
        (b"", b"\xe2\x80\x8b"),
        (b"\xef\xbb\xbf", b""),
        (b"\xe2\x80\x9c", b"\xe2\x80\x9d"),
        (b'"', b'"'),
        (b"\t", b""),
        (b" ", b""),
        (b"", b"\x0b"),
        (b"", b"\x1c"),
    ],
)
def test_key_with_stray_characters_is_refused(
    shared_sandbox: Sandbox, dirt_before: bytes, dirt_behind: bytes
) -> None:
    key = shared_sandbox.values.scim_key.encode()

    assert _status(shared_sandbox, b"Bearer " + key) == 200
    assert _status(shared_sandbox, b"Bearer " + dirt_before + key + dirt_behind) == 403


def test_blanks_around_the_header_value_are_http_s_own(shared_sandbox: Sandbox) -> None:
    key = shared_sandbox.values.scim_key.encode()

    assert _status(shared_sandbox, b"Bearer " + key + b" \t") == 200


def test_first_half_of_a_key_is_not_enough(shared_sandbox: Sandbox) -> None:
    key = shared_sandbox.values.scim_key
    other = "1" if key[-1] != "1" else "2"

    assert _status(shared_sandbox, f"Bearer {key[:-1]}{other}".encode()) == 403


def test_admin_key_works_at_the_scim_endpoint(shared_sandbox: Sandbox) -> None:
    key = shared_sandbox.values.admin_key.encode()

    assert _status(shared_sandbox, b"Bearer " + key) == 200


def test_scheme_is_taken_in_any_case(shared_sandbox: Sandbox) -> None:
    key = shared_sandbox.values.scim_key.encode()

    assert _status(shared_sandbox, b"bearer " + key) == 200


def test_inactive_owner_stops_the_key(sandbox: Sandbox) -> None:
    (owner,) = api(sandbox, "GET", "/service_users").json["service_users"]
    switched_off = api(sandbox, "PATCH", f"/service_users/{owner['id']}", {"active": False})
    got = send(
        sandbox, "GET", OKTA_TEST, authorization=f"Bearer {sandbox.values.scim_key}".encode()
    )

    assert switched_off.json["active"] is False
    assert (got.status, got.error_code) == (403, "ERR_NGROK_636")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/scim/v2/Users?startIndex=1", "/scim/v2/Users?startIndex=1"),
        (f"/x/{WELL_FORMED}", "/x/2RfSBcv0nsy71XCHWOegjx1OoKh_..."),
        (f"/x/{WELL_FORMED.replace('_', '%5F')}", "/x/2RfSBcv0nsy71XCHWOegjx1OoKh_..."),
        ("/\x1b[2J\xa0", "/%1B[2J%A0"),
    ],
)
def test_path_is_shown_without_keys_and_in_printable_ascii(text: str, shown: str) -> None:
    assert without_keys(text) == shown


@pytest.mark.no_cover
def test_long_run_of_letters_is_read_once() -> None:
    # Read over and over again, it would take minutes.
    text = "a" * 1_000_000

    assert without_keys(text) == text
