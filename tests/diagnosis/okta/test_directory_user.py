from ngrok_scim_cli.diagnosis.okta.directory_user import OktaPerson, read_okta_person


def test_a_person_of_the_directory_is_read() -> None:
    document: dict[str, object] = {
        "id": "00u1",
        "status": "DEPROVISIONED",
        "statusChanged": "2026-01-02T03:04:05.000Z",
        "profile": {"login": "ada", "email": "ada@corp.example", "firstName": "Ada"},
    }
    person = read_okta_person(document)
    assert person == OktaPerson(
        "00u1", "ada", "ada@corp.example", "DEPROVISIONED", "2026-01-02T03:04:05.000Z"
    )
    assert person.is_deactivated


def test_what_is_left_out_or_of_another_type_is_empty() -> None:
    assert read_okta_person({"id": 7, "status": None, "profile": []}) == OktaPerson("", "", "", "")
    assert not read_okta_person({}).is_deactivated
