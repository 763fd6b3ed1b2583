"""The errors of ours: each says what happened, why, and what to do about it.

No message holds a secret.
"""
# ruff: noqa: N818 - the names say what happened; "Error" would add nothing

from typing import ClassVar


class NgrokScimError(Exception):
    """What went wrong and why, in one line, and what to do.

    Attributes:
        code: the finding that it is, like ``ENV008``; may be empty.
    """

    exit_status: ClassVar[int] = 1
    default_code: ClassVar[str] = ""

    def __init__(self, message: str, *, advice: str = "", code: str = "") -> None:
        self.message = _printable(message)
        self.advice = _printable(advice)
        self.code = code or self.default_code
        super().__init__(self.message)


class UsageError(NgrokScimError):
    """The command line, or a value that replaces a part of it, is wrong."""

    exit_status = 2


class Interrupted(NgrokScimError):
    """The person stopped the run in the middle of a step."""

    exit_status = 130


class ProfileUnreadable(NgrokScimError):
    """The profile is broken, or a newer version wrote it. It is never overwritten."""

    default_code = "ENV008"


class KeyringLost(NgrokScimError):
    """The keyring works, but the secret that should be in it is not."""

    default_code = "ENV002"


class CannotTell(NgrokScimError):
    """What is missing here on this machine keeps the question from being answered."""

    exit_status = 3


class KeyringUnusable(CannotTell):
    """No keyring works here, or it refused."""

    default_code = "ENV001"


def _printable(text: str) -> str:
    """Show control characters, line breaks and direction marks: a file name may hold some."""
    return "".join(letter if letter.isprintable() else f"⟨U+{ord(letter):04X}⟩" for letter in text)
