import re
from itertools import islice

import pytest

from ngrok_scim_cli.sandbox.people import newcomers, people


def test_people_are_the_same_every_time() -> None:
    assert list(people(200)) == list(people(200))
    assert list(islice(people(200), 3)) == list(people(3))


def test_everyone_has_an_address_of_their_own_in_plain_ascii() -> None:
    addresses = [person.user_name for person in people(10_000)]

    assert len({address.casefold() for address in addresses}) == len(addresses)
    assert all(re.fullmatch(r"[a-z]+\.[a-z]+[0-9]*@corp\.example", one) for one in addresses)


def test_names_keep_their_accents() -> None:
    assert any(person.display_name == "Iván Ibrahim" for person in people(60))


@pytest.mark.no_cover
def test_newcomers_are_none_of_the_people() -> None:
    seeded = {person.user_name for person in people(100_000)}
    found = newcomers("Ekström", 1000)

    assert len({person.user_name for person in found} - seeded) == 1000
    assert (found[0].user_name, found[0].display_name) == (
        "ada.ekstrom@corp.example",
        "Ada Ekström",
    )
    assert newcomers("Ekström", 0) == []
