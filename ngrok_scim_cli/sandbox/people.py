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
    given_names = [(name, _mailbox(name)) for name in _GIVEN_NAMES.split()]
    family_names = [(name, _mailbox(name)) for name in _FAMILY_NAMES.split()]
    for number in range(count):
        # The two lengths are chosen so that every pair comes once before one comes again.
        lap, place = divmod(number, len(given_names))
        given, given_mail = given_names[place]
        family, family_mail = family_names[(lap + place) % len(family_names)]
        again = lap // len(family_names)
        suffix = str(again + 1) if again else ""
        yield Person(f"{given_mail}.{family_mail}{suffix}@{EMAIL_DOMAIN}", f"{given} {family}")


def newcomers(family_name: str, count: int) -> list[Person]:
    """Return ``count`` people of one family name, which none of ``people`` has."""
    given_names = _GIVEN_NAMES.split()
    found = []
    for number in range(count):
        again, place = divmod(number, len(given_names))
        given = given_names[place]
        mailbox = f"{_mailbox(given)}.{_mailbox(family_name)}{again + 1 if again else ''}"
        found.append(Person(f"{mailbox}@{EMAIL_DOMAIN}", f"{given} {family_name}"))
    return found


def _mailbox(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return plain.lower()
