"""Believable people, the same ones every time."""

import unicodedata
from collections.abc import Iterator
from datetime import datetime

from ngrok_scim_cli.records import dataclass

EMAIL_DOMAIN = "corp.example"

_GIVEN_NAMES = """
Ada Bruno Chioma Dmitri Elif Farid Grace Hana Iván Jürgen Keiko Liam Mónica Nadia Olu
Priya Quentin Rosa Samir Tova Uma Víctor Wanda Ximena Yusuf Zoë Anders Beatriz Céline
Diego Esther Fatima Gustav Huda Ingrid Jamal Katya Lucía Mateo Noor Oscar Pilar Ravi Selma
Tomás Vera Wei Yara
"""
_FAMILY_NAMES = """
Abara Becker Castillo Dubois Eriksen Fischer García Haddad Ibrahim Jansen Kowalski Laurent
Mendoza Novak Okafor Petrov Quinn Rossi Sato Tanaka Ueda Vargas Weber Xu Yilmaz Zhang
Almeida Bianchi Cohen Diallo Evans Ferrari Gupta Hughes Ito Jovanović Khan Lindqvist
Moreau Nakamura Olsen Pereira Rahman Silva Torres Ustinov Vogel Walker Yamada Zimmermann
Adeyemi Bauer Chen Dvořák Fontaine Grant Hassan Ivanova Keller Lopez
"""


@dataclass(frozen=True, slots=True)
class Person:
    """A user whom ngrok holds."""

    user_name: str
    display_name: str | None
    active: bool = True


@dataclass(frozen=True, slots=True)
class StoredUser:
    """A user as the directory keeps them."""

    id: str
    person: Person
    created: datetime
    modified: datetime


def people(count: int) -> Iterator[Person]:
    """Yield ``count`` people with names and e-mail addresses of their own."""
    given_names, family_names = _with_mailboxes(_GIVEN_NAMES), _with_mailboxes(_FAMILY_NAMES)
    for number in range(count):
        # The two lengths are chosen so that every pair comes once before one comes again.
        lap, position = divmod(number, len(given_names))
        again, shift = divmod(lap, len(family_names))
        family = family_names[(shift + position) % len(family_names)]
        yield _person(given_names[position], family, again)


def newcomers(family_name: str, count: int) -> list[Person]:
    """Return ``count`` people of one family name, which none of ``people`` has."""
    given_names, (family,) = _with_mailboxes(_GIVEN_NAMES), _with_mailboxes(family_name)
    numbers = (divmod(number, len(given_names)) for number in range(count))
    return [_person(given_names[position], family, again) for again, position in numbers]


def _person(given: tuple[str, str], family: tuple[str, str], again: int) -> Person:
    mailbox = f"{given[1]}.{family[1]}{again + 1 if again else ''}"
    return Person(f"{mailbox}@{EMAIL_DOMAIN}", f"{given[0]} {family[0]}")


def _with_mailboxes(names: str) -> list[tuple[str, str]]:
    """Return each name as it is written, and as it stands in an address."""
    plain = unicodedata.normalize("NFKD", names).encode("ascii", "ignore").decode().lower()
    return list(zip(names.split(), plain.split(), strict=True))
