import pytest

from ngrok_scim_cli.diagnosis.catalogue import CATALOGUE
from ngrok_scim_cli.diagnosis.ngrok.error_codes import NGROK_ERRORS, NgrokError, page_of

ERRORS = tuple(NGROK_ERRORS.values())


def names(error: NgrokError) -> str:
    return str(error.code)


@pytest.mark.parametrize(
    ("code", "finding"),
    [
        (200, "KEY215"),
        (201, "KEY215"),
        (202, "KEY215"),
        (203, "KEY214"),
        (204, "NGR708"),
        (205, "NGR708"),
        (206, "KEY208"),
        (207, "KEY208"),
        (208, "KEY207"),
        (220, "NGR705"),
        (225, "NGR709"),
        (226, "NGR709"),
        (247, "NGR708"),
        (603, "NGR715"),
        (613, "NGR715"),
        (614, "NGR715"),
        (630, "NGR710"),
        (633, "NGR710"),
        (635, "NGR704"),
        (636, "NGR703"),
        (4012, "NGR707"),
        (4023, "NGR707"),
        (4111, "NGR710"),
        (4119, "NGR707"),
    ],
)
def test_a_code_leads_to_its_finding(code: int, finding: str) -> None:
    assert NGROK_ERRORS[code].finding == finding


def test_every_code_that_can_meet_an_admin_is_there() -> None:
    expected = {
        *(200, 201, 202, 203, 204, 205, 206, 207, 208, 220, 225, 226, 247, 635, 636, 1219, 1220),
        *(27007, 210, 211, 216, 217, 218, 231, 232, 233, 244, 606),
        *(603, 604, 605, 613, 614, 628, 630, 631, 632, 633, 634, 638),
        *(4109, 4110, 4111, 4112, 4119, 4012, 4023, 1806),
        *(4414, 4415, 4454, 6618, 6619, 6620),
        *(4114, 4115, 4116, 5511, 25000, 1233, 4455, 4701, 4702, 10077, 10078, 10084),
        *(6600, 6601, 6602, 6622),
    }
    assert set(NGROK_ERRORS) == expected


@pytest.mark.parametrize("error", ERRORS, ids=names)
def test_every_code_leads_to_a_finding_of_the_catalogue(error: NgrokError) -> None:
    assert error.finding in CATALOGUE


@pytest.mark.parametrize("error", ERRORS, ids=names)
def test_the_texts_are_sentences(error: NgrokError) -> None:
    for text in (error.meaning, *error.causes, error.fix):
        assert text.endswith(".")
        assert len(text) <= 200
        assert "!" not in text


def test_a_code_names_ngroks_own_page() -> None:
    assert NGROK_ERRORS[203].more == page_of(203)
    assert page_of(203) == "https://ngrok.com/docs/errors/err_ngrok_203"
