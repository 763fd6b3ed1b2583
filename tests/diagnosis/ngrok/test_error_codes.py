import pytest

from ngrok_scim_cli.diagnosis.catalogue import CATALOGUE
from ngrok_scim_cli.diagnosis.ngrok.error_codes import (
    NGROK_ERRORS,
    NgrokError,
    code_in,
    error_said_in,
    page_of,
)
from tests.support.cases import each_case

ERRORS = tuple(NGROK_ERRORS.values())


def names(error: NgrokError) -> str:
    return error.code


@each_case(
    ("code", "finding"),
    [
        ("200", "KEY215"),
        ("201", "KEY215"),
        ("202", "KEY215"),
        ("203", "KEY214"),
        ("204", "NGR708"),
        ("205", "NGR708"),
        ("206", "KEY208"),
        ("207", "KEY208"),
        ("208", "KEY207"),
        ("220", "NGR705"),
        ("225", "NGR709"),
        ("226", "NGR709"),
        ("247", "NGR708"),
        ("603", "NGR715"),
        ("613", "NGR715"),
        ("614", "NGR715"),
        ("630", "NGR710"),
        ("633", "NGR710"),
        ("635", "NGR704"),
        ("636", "NGR703"),
        ("4012", "NGR707"),
        ("4023", "NGR707"),
        ("4111", "NGR710"),
        ("4119", "NGR707"),
        ("4402", "NGR707"),
        ("6600", "NGR707"),
        ("1216", "NGR704"),
        ("6612", "NGR704"),
        ("6621", "NGR710"),
        ("29001", "NGR717"),
        ("IAM_SERVICE_USER_ROLE_NOT_ALLOWED", "NGR704"),
        ("IAM_ACCESS_TOKEN_OWNER_ROLE_REQUIRED", "NGR704"),
        ("10102", "DOM801"),
        ("10104", "DOM802"),
        ("25000", "DOM801"),
    ],
)
def test_a_code_leads_to_its_finding(code: str, finding: str) -> None:
    assert NGROK_ERRORS[code].finding == finding


def test_every_code_that_can_meet_an_admin_is_there() -> None:
    expected = {
        *(200, 201, 202, 203, 204, 205, 206, 207, 208, 220, 225, 226, 247, 635, 636, 1219, 1220),
        *(27007, 210, 211, 216, 217, 218, 231, 232, 233, 244, 606),
        *(603, 604, 605, 613, 614, 628, 630, 631, 632, 633, 634, 638),
        *(4109, 4110, 4111, 4112, 4119, 4012, 4023, 1806),
        *(4414, 4415, 4454, 6618, 6619, 6620),
        *(4114, 4115, 4116, 5511, 25000, 1233, 4455, 4701, 4702, 10077, 10078, 10084),
        *(6600, 6601, 6602, 6612, 6613, 6621, 6622, 1216, 1228, 4402, 29001),
        *(213, 214, 215, 223, 227, 243, 10099, 10102, 10103, 10104, 10105, 10106),
        *(727, 3004, 3200, 6022, 6024, 8012, 105, 107, 4018),
    }
    words = {"IAM_SERVICE_USER_ROLE_NOT_ALLOWED", "IAM_ACCESS_TOKEN_OWNER_ROLE_REQUIRED"}
    assert set(NGROK_ERRORS) == {str(code) for code in expected} | words


@each_case("error", ERRORS, ids=names)
def test_every_code_leads_to_a_finding_of_the_catalogue(error: NgrokError) -> None:
    assert error.finding in CATALOGUE


@each_case("error", ERRORS, ids=names)
def test_the_texts_are_sentences(error: NgrokError) -> None:
    for text in (error.meaning, error.cause, error.fix or CATALOGUE[error.finding].fix):
        assert text.endswith(".")
        assert len(text) <= 200
        assert "!" not in text


@each_case(
    ("text", "code"),
    [
        ("ERR_NGROK_203", "203"),
        ("ngrok_err_203 happened", "203"),
        ("err ngrok 203", "203"),
        ("HTTP 403: no. [ERR_NGROK_29001]", "29001"),
        ("err_ngrok_iam_service_user_role_not_allowed", "IAM_SERVICE_USER_ROLE_NOT_ALLOWED"),
        ("https://ngrok.com/docs/errors/err_ngrok_ai_gateway_no_key", "AI_GATEWAY_NO_KEY"),
        ("ngrok error 203", ""),
        ("XERR_NGROK_203", ""),
        ("ERR_NGROK_", ""),
    ],
)
def test_a_code_is_found_in_a_text_whether_number_or_words(text: str, code: str) -> None:
    assert code_in(text) == code


def test_a_code_names_ngroks_own_page() -> None:
    assert page_of("203") == "https://ngrok.com/docs/errors/err_ngrok_203"
    assert page_of("IAM_X") == "https://ngrok.com/docs/errors/err_ngrok_iam_x"


@each_case("error", [error for error in ERRORS if error.said], ids=names)
def test_an_error_is_known_by_its_message_without_its_code(error: NgrokError) -> None:
    found = error_said_in(f"HTTP 403: {error.said.replace('…', 'X')}.")
    assert found is not None
    assert found.finding == error.finding


@pytest.mark.parametrize("text", ["", "nothing of the kind", "the account is fine"])
def test_other_texts_name_no_error(text: str) -> None:
    assert error_said_in(text) is None
