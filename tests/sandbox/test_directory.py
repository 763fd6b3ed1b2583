from typing import Any

import pytest
from scim2_models import (
    NotFoundException,
    Resource,
    ResourceType,
    SearchRequest,
    User,
)

from ngrok_scim_cli.sandbox.people import Person, people
from ngrok_scim_cli.sandbox.scim_endpoint import Directory

USER_TYPE = ResourceType.model_validate(
    {
        "id": "User",
        "name": "User",
        "endpoint": "/Users",
        "schema": "urn:ietf:params:scim:schemas:core:2.0:User",
    }
)


@pytest.fixture
def directory() -> Directory:
    return Directory(User, people(2))


def _all(directory: Directory) -> list[Resource[Any]]:
    return directory.search([USER_TYPE], SearchRequest[User[Any]]()).resources


def test_user_who_is_not_there_is_not_found(directory: Directory) -> None:
    with pytest.raises(NotFoundException):
        directory.get(USER_TYPE, "usr_nobody")


def test_whoever_is_put_first_comes_before_all_others(directory: Directory) -> None:
    directory.put_first([Person("x", None), Person("X", None)])

    names = [user.model_dump()["userName"] for user in _all(directory)]
    assert names == ["x", "X", "ada.abara@corp.example", "bruno.becker@corp.example"]
