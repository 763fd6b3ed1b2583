from ngrok_scim_cli.text.phrases import completed, corrected
from tests.support.cases import each_case

KNOWN = {"user", "matching", "not", "found", "no", "nono", "nonono", "token", "a"}


@each_case(
    ("typed", "meant"),
    [
        (" user not found ", " user not found "),
        (" matchin user ", " matching user "),
        (" matchingusernotfound ", " matching user not found "),
        (" nono ", " nono "),
        (" nonot ", " no not "),
        (" usera ", " usera "),  # a single letter is no word that lost its blank
        (" xusernotfound ", " xusernotfound "),
    ],
)
def test_slips_and_lost_blanks_are_mended(typed: str, meant: str) -> None:
    assert corrected(typed, KNOWN) == meant


@each_case(
    ("run",),
    [
        ("no" * 8_000,),  # too long to be recursed into, letter by letter
        ("no" * 49 + "q",),  # splits in a great many ways, none of which comes to an end
        ("a" * 16_384,),
    ],
)
def test_a_hostile_run_of_letters_stays_as_it_is(run: str) -> None:
    assert corrected(f" {run} ", KNOWN) == f" {run} "


def test_a_word_that_was_cut_off_is_completed() -> None:
    assert list(completed(" user not fou ", KNOWN)) == [" user not found "]
    assert list(completed(" the user not ", KNOWN)) == []
