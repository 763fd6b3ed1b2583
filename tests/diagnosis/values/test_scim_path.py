import pytest

from ngrok_scim_cli.diagnosis.values.scim_path import ScimPath, read_path


@pytest.mark.parametrize(
    ("path", "read"),
    [
        ("", ScimPath(False, "", "")),
        ("/scim/v2/", ScimPath(False, "/scim/v2/", "")),
        ("/scim//v2/", ScimPath(True, "/scim/v2/", "")),
        ("/scim/v2/Users", ScimPath(False, "/scim/v2/", "/Users")),
        ("/scim/v2/users/", ScimPath(False, "/scim/v2/", "/users")),
        ("/scim/v2/Users/2819c223", ScimPath(False, "/scim/v2/", "/Users")),
        ("/scim/v2//Groups", ScimPath(True, "/scim/v2/", "/Groups")),
        ("/ServiceProviderConfig", ScimPath(False, "/", "/ServiceProviderConfig")),
        ("/Usership", ScimPath(False, "/Usership", "")),
    ],
)
def test_a_path_is_taken_apart(path: str, read: ScimPath) -> None:
    assert read_path(path) == read


@pytest.mark.parametrize(
    ("path", "has_capitals"),
    [("/SCIM/v2/", True), ("/scim%2Fv2/", False), ("/scim/v2/Users", False)],
)
def test_capitals_are_those_of_letters(path: str, has_capitals: bool) -> None:
    assert read_path(path).has_capitals is has_capitals
