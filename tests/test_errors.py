import pytest

from ngrok_scim_cli import errors
from tests.support.cases import each_case


@each_case(
    ("kind", "exit_status", "code"),
    [
        (errors.NgrokScimError, 1, ""),
        (errors.UsageError, 2, ""),
        (errors.ProfileUnreadable, 1, "ENV008"),
        (errors.KeyringLost, 1, "ENV002"),
        (errors.CannotTell, 3, ""),
        (errors.KeyringUnusable, 3, "ENV001"),
    ],
)
def test_each_error_knows_its_exit_status_and_finding(
    kind: type[errors.NgrokScimError], exit_status: int, code: str
) -> None:
    error = kind("It broke.", advice="Mend it.")
    assert (error.exit_status, error.code) == (exit_status, code)
    assert (str(error), error.message, error.advice) == ("It broke.", "It broke.", "Mend it.")


def test_a_code_of_its_own_wins() -> None:
    assert errors.CannotTell("No key.", code="ENV006").code == "ENV006"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("file a\nb", "file a⟨U+000A⟩b"),
        ("\x1b[31mred", "⟨U+001B⟩[31mred"),
        ("abc\u202ecba", "abc⟨U+202E⟩cba"),
        ("byte \udcff", "byte ⟨U+DCFF⟩"),
        ("Grüße, “so”", "Grüße, “so”"),
    ],
)
def test_a_message_is_one_line_that_a_terminal_can_show(typed: str, shown: str) -> None:
    error = errors.UsageError(typed, advice=typed)
    assert (error.message, error.advice) == (shown, shown)
