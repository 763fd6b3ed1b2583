from ngrok_scim_cli.diagnosis.okta.records import LogEvent
from ngrok_scim_cli.diagnosis.okta.stages import Stage
from ngrok_scim_cli.diagnosis.okta.system_log import NO_REASON, reason_of
from tests.support.cases import each_case

PUSH = "application.provision.user.push"
PUSH_PROFILE = "application.provision.user.push_profile"
DEACTIVATE = "application.provision.user.deactivate"
REMOTE = "Errors reported by remote server:"


def failure(reason: str, event_type: str = PUSH, user_name: str = "") -> LogEvent:
    published = "2026-11-02T09:15:04.120Z"
    return LogEvent(published, event_type, "FAILURE", reason, user_name=user_name)


@each_case(
    ("event_type", "stage"),
    [
        ("application.provision.user.verify_exists", Stage.LOOK_UP),
        (PUSH, Stage.ACCOUNT),
        ("application.provision.user.sync", Stage.ACCOUNT),
        ("application.provision.user.reactivate", Stage.REACTIVATION),
        (PUSH_PROFILE, Stage.PROFILE),
        (DEACTIVATE, Stage.DEACTIVATION),
        ("application.provision.user.deprovision", Stage.DEACTIVATION),
        ("application.provision.user.import", Stage.DEACTIVATION),
        ("application.provision.user.push_password", Stage.PASSWORD),
        ("system.import.user_match.update", Stage.IMPORT),
        ("application.provision.group_push.updated", Stage.GROUPS),
        ("application.provision.group.add", Stage.GROUPS),
        ("application.provision.group_membership.add", Stage.GROUPS),
        ("application.provision.user.push_okta_password", Stage.PASSWORD),
        ("application.provision.user.import_profile", Stage.IMPORT),
        ("app.user_management.push_pending_user", Stage.ACCOUNT),
        ("app.user_management.provision_user_failed", Stage.ACCOUNT),
        ("app.user_management.provision_user.user_inactive", Stage.REACTIVATION),
        ("app.user_management.push_profile_failure", Stage.PROFILE),
        ("app.user_management.deactivate_user", Stage.DEACTIVATION),
        ("app.user_management.verified_user_with_thirdparty", Stage.LOOK_UP),
        ("app.user_management.update_from_master_failed", Stage.IMPORT),
        ("app.api.error.check_user_exists", Stage.LOOK_UP),
        ("app.api.error.download_users", Stage.IMPORT),
        ("app.user_management.importing_profile", Stage.IMPORT),
        ("application.provision.entitlements.remove", None),
        ("app.api.error.remove_group_membership", Stage.GROUPS),
        ("app.api.error.auth", None),
        ("application.provision.integration.call_api", Stage.CALL),
        ("application.integration.rate_limit_exceeded", Stage.CALL),
        # Okta's own side, and signing in to ngrok.
        ("application.user_membership.add", None),
        ("application.user_membership.change_username", None),
        ("application.integration.authentication_failure", None),
        ("user.lifecycle.deactivate", None),
        ("", None),
    ],
)
def test_an_event_gives_its_provisioning_step(event_type: str, stage: Stage | None) -> None:
    assert failure("", event_type).stage is stage


@each_case(
    ("reason", "user_name", "shown"),
    [
        ("Bad Gateway", "", "Bad Gateway"),
        (f"Conflict. {REMOTE} User already exists.", "", f"Conflict. {REMOTE} User already exists"),
        (
            "Automatic provisioning of user Ada King to app ngrok failed: Matching user not found",
            "",
            "Automatic provisioning of user … to app ngrok failed: Matching user not found",
        ),
        (
            "Error while verifying if user ada exists: null",
            "",
            "Error while verifying if user … exists: null",
        ),
        (
            "Error while creating user Ada Lovelace: Conflict",
            "",
            "Error while creating user …: Conflict",
        ),
        (
            "Error while trying to push profile update for ada@corp.example: Not Found",
            "",
            "Error while trying to push profile update for …: Not Found",
        ),
        ("No such user: ada@corp.example", "", "No such user: …"),
        ("Ada.L is taken, AdaLine is not", "ada.l", "… is taken, AdaLine is not"),
        # Too short for a name: it would stand everywhere.
        ("a cat", "a", "a cat"),
        (f"Forbidden. {REMOTE} java.io.StringReader@4c76ba04; line: 1, column: 2", "",
         f"Forbidden. {REMOTE} java.io.StringReader…; …, …"),
        ("User 00ujl29u0le5T6Aj10h7 is gone", "", "User … is gone"),
        ("Request 6f1f6f1e-9f0a-4b8a-8a51-0c2f7c3f1c11 failed", "", "Request … failed"),
        ("It failed at 2026-11-02T09:15:04Z", "", "It failed at …"),
        ("It failed at 09:15:04 after 12345 ms", "", "It failed at … after … ms"),
        # What tells one kind of failure from the other stays.
        ("HTTP 409: department is required (ERR_NGROK_6622)", "",
         "HTTP 409: department is required (ERR_NGROK_6622)"),
        # No reason at all.
        ("", "", NO_REASON),
        ("null", "", NO_REASON),
        ("  NULL. ", "", NO_REASON),
    ],
)  # fmt: skip
def test_what_differs_from_person_to_person_is_left_out(
    reason: str, user_name: str, shown: str
) -> None:
    assert reason_of(failure(reason, user_name=user_name)) == shown


def test_a_reason_in_another_language_is_kept() -> None:
    reason = "ユーザー ada@corp.example の更新に失敗しました"
    assert reason_of(failure(reason)) == "ユーザー … の更新に失敗しました"


def test_a_hostile_reason_is_shown_harmlessly() -> None:
    shown = reason_of(failure("\x1b[31m\u202eX\n" * 10_000))
    assert shown.isprintable()
    assert len(shown) <= 1000
