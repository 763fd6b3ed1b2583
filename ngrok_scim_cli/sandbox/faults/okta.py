"""Faults of the Okta org: its answers, its token, its app."""

from dataclasses import replace
from time import time

from ngrok_scim_cli.sandbox.faults.fault import (
    Builder,
    Fault,
    FaultContext,
    Handler,
    SandboxState,
    on_okta,
)
from ngrok_scim_cli.sandbox.faults.handlers import HTML, answered, body, web_page
from ngrok_scim_cli.sandbox.message import Answer, Request
from ngrok_scim_cli.sandbox.okta_errors import okta_error, rate_limit
from ngrok_scim_cli.sandbox.okta_org import MAPPED, OKTA_USERNAME_FORMAT, App, okta_id

# What the wizard's own mapping sends besides, unless somebody takes it out.
_MORE_ATTRIBUTES = {
    "nickName": "user.nickName",
    "title": "user.title",
    "mobilePhone": "user.mobilePhone",
    "streetAddress": "user.streetAddress",
    "manager": "user.manager",
}


def _on_log(request: Request) -> bool:
    """Choose requests for the System Log."""
    return on_okta(request) and request.segments[2:] == ("logs",)


def _on_people(request: Request) -> bool:
    """Choose requests for people of the directory."""
    return on_okta(request) and request.segments[2:3] == ("users",)


def _refused(code: str) -> Handler:
    return lambda context: okta_error(context.request, code)


def _rate_limited(context: FaultContext) -> Answer:
    answer = okta_error(context.request, "E0000047")
    return rate_limit(answer, 0, int(time() + context.value))


def _app(*, linked: bool = True, **changes: object) -> Builder:
    """Change fields of the app; where it is not linked, nobody was ever provisioned."""

    def build(state: SandboxState) -> None:
        state.org.change_app(**changes)
        if not linked:
            state.org.unlink_everybody()

    return build


def _elsewhere(context: FaultContext) -> Answer:
    """Have the next page on another host."""
    answer = context.answer()
    headers = tuple(
        (name, value.replace("127.0.0.1", "okta.example") if 'rel="next"' in value else value)
        for name, value in answer.headers
    )
    return replace(answer, headers=headers)


def _to_itself(answer: Answer, context: FaultContext) -> Answer:
    host = (context.request.header("host") or b"").decode("latin-1")
    return answer.with_header("Link", f'<http://{host}{context.request.target}>; rel="next"')


def _second_app(state: SandboxState) -> None:
    """Have a second app that leads to ngrok, made with Okta's other wizard."""
    org = state.org
    org.other_apps += (
        App(
            okta_id("0oa", 5),
            "oidc_client",
            "ngrok (new)",
            sign_on_mode="OPENID_CONNECT",
            features=("SCIM_PROVISIONING",),
        ),
    )


def _without_log_scope(state: SandboxState) -> None:
    org = state.org
    org.granted_scopes = tuple(scope for scope in org.granted_scopes if "logs" not in scope)
    org.access_tokens = dict.fromkeys(org.access_tokens, org.granted_scopes)


# fmt: off
FAULTS = (
    Fault("okta-scope-not-granted",
        "has a service app in Okta to which okta.logs.read is not granted (insufficient_scope)", "",
        builder=_without_log_scope),
    Fault("okta-second-app",
        "has a second app in Okta that leads to ngrok, made with the other wizard", "OKT919",
        builder=_second_app),
    Fault("okta-token-refused", "Okta refuses every token (E0000011)", "OKT902", on_okta,
        handler=_refused("E0000011")),
    Fault("okta-token-without-rights", "Okta's token may read nothing (E0000006)", "OKT902",
        on_okta, handler=_refused("E0000006")),
    Fault("okta-token-without-log", "Okta's token may not read the System Log (E0000006)", "",
        _on_log, handler=_refused("E0000006")),
    Fault("okta-token-without-people",
        "Okta's token may not read people of the directory (E0000006)", "", _on_people,
        handler=_refused("E0000006")),
    Fault("okta-rate-limited", "Okta answers 429 until its limit begins anew (E0000047)", "",
        on_okta, value=30, unit="seconds until then", handler=_rate_limited),
    Fault("okta-server-error", "Okta answers 500 (E0000009)", "", on_okta,
        handler=_refused("E0000009")),
    Fault("okta-web-page", "Okta answers 200 with the web page for signing in", "OKT901", on_okta,
        handler=body(web_page(200, "Sign in").body, HTML)),
    Fault("okta-pages-elsewhere",
        "says that the next page of each list of Okta's is on another server", "", on_okta,
        handler=_elsewhere),
    Fault("okta-pages-in-a-loop", "says that each page of Okta's is followed by itself", "",
        on_okta, handler=answered(_to_itself)),
    Fault("okta-app-missing", "has no app for ngrok in Okta (E0000007)", "OKT903",
        builder=_app(status="DELETED")),
    Fault("okta-app-inactive", "has the Okta app deactivated", "OKT903",
        builder=_app(status="INACTIVE")),
    Fault("okta-oidc-app", "has an OIDC app in Okta, to which SCIM cannot be added", "OKT904",
        builder=_app(
            linked=False, name="oidc_client", sign_on_mode="OPENID_CONNECT", features=())),
    Fault("okta-scim-off", "has SCIM switched off for the Okta app, and nobody provisioned",
        "OKT905", builder=_app(linked=False, features=())),
    Fault("okta-username-format",
        "has the application username format of Okta's app set to Okta username", "OKT906",
        builder=_app(user_name_template=OKTA_USERNAME_FORMAT)),
    Fault("okta-nobody-assigned", "has nobody assigned to the Okta app", "OKT907 OKT910",
        builder=lambda state: state.org.unassign_everybody()),
    Fault("okta-more-attributes", "has attributes mapped in Okta that ngrok does not take",
        "OKT915", builder=_app(mapped=tuple({**MAPPED, **_MORE_ATTRIBUTES}.items()))),
    Fault("okta-switches-off", "has the switches under To App off, and Okta reports it", "OKT916",
        builder=_app(switches=(False, False, False))),
    Fault("okta-deactivate-users-off", "has Deactivate Users under To App off, and Okta reports it",
        "OKT916", builder=_app(switches=(True, True, False))),
    Fault("okta-switches-told", "has the switches under To App on, and Okta reports it", "",
        builder=_app(switches=(True, True, True))),
)
# fmt: on
