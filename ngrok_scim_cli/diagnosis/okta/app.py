"""The Okta app: which one it is, of what kind, and how it is set.

Among its settings is **Application username format**: what Okta sends to ngrok as ``userName``.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.error_body import excerpt
from ngrok_scim_cli.diagnosis.finding import Finding, Severity, Subject
from ngrok_scim_cli.diagnosis.okta.api_reply import document_of, read_okta_error
from ngrok_scim_cli.diagnosis.okta.records import LogEvent, OktaApp
from ngrok_scim_cli.diagnosis.people.records import AppUser
from ngrok_scim_cli.diagnosis.rules import Rules
from ngrok_scim_cli.diagnosis.unknown import Judged, Unknown
from ngrok_scim_cli.text.counting import first_of
from ngrok_scim_cli.text.json_values import as_object, as_text, text_at
from ngrok_scim_cli.wire.exchange import Exchange

OIDC = "OPENID_CONNECT"
SCIM = "SCIM_PROVISIONING"

# What an app can do once SCIM is on (Okta Management API, "features"). An app made with the wizard
# was seen with the first of them alone.
_PROVISIONING = frozenset(
    {SCIM, "PUSH_NEW_USERS", "PUSH_PROFILE_UPDATES", "PUSH_USER_DEACTIVATION", "REACTIVATE_USERS"}
)
# The switches under **To App**: their label, where Okta tells them
# (``GET /api/v1/apps/{appId}/features/USER_PROVISIONING``), and the feature that comes with each.
_UPDATE, _DEACTIVATE = "Update User Attributes", "Deactivate Users"
_SWITCHES = (
    ("Create Users", "create.lifecycleCreate", "PUSH_NEW_USERS"),
    (_UPDATE, "update.profile", "PUSH_PROFILE_UPDATES"),
    (_DEACTIVATE, "update.lifecycleDeactivate", "PUSH_USER_DEACTIVATION"),
)

# What ngrok takes, and what Okta's SCIM client always sends; ``emailType`` goes with ``email``.
_TAKEN = frozenset({"userName", "givenName", "familyName", "email", "emailType", "displayName"})

_NGROK = "ngrok"
_SWA = frozenset({"AUTO_LOGIN", "BROWSER_PLUGIN", "BASIC_AUTH", "SECURE_PASSWORD_STORE"})
_WIZARDS = {"classic": "Classic experience", "oiw": "Okta Integration Wizard"}
_SHOWN = 5
_SHOWN_ATTRIBUTES = 10

# What Okta writes when **Deactivate Users** is taken off, and when it is put on again.
_STOPPED, _RESUMED = "stop deprovisioning unassigned users", "deprovisioning unassigned users"

_ENABLED, _DISABLED = "ENABLED", "DISABLED"
_NOT_ENABLED = "provisioning is not enabled"

_CREATE = (
    'In Okta, open Applications > Applications and press "Create a new app integration" ("Create '
    'App Integration" in older consoles); `ngrok-scim okta-values` says what to choose there.'
)

_GIVE_THE_LABEL = (
    "Look under Applications > Applications in Okta and give the label exactly as shown there: "
    "`--okta-app LABEL`."
)

# The e-mail address; ``user`` is the older name of ``source``.
_EMAIL = frozenset({"source.email", "user.email"})
# What changes only the case, which does not count (RFC 7643 section 4.1.1); it is written in either
# of Okta's expression languages.
_CASE = re.compile(r"^(?:fn:|String\.)?to(?:Lower|Upper)Case\((.*)\)$", re.IGNORECASE | re.DOTALL)
_WRAPPED = re.compile(r"^\$\{(.*)\}$", re.DOTALL)
# What the console offers besides, without ``source.`` (Okta Management API,
# ``ApplicationCredentialsUsernameTemplate``).
_LABELS = {
    "login": "Okta username",
    'fn:substringBefore(login,"@")': "Okta username prefix",
    'fn:substringBefore(email,"@")': "Email prefix",
    "employeeID": "AD Employee ID",
    "samAccountName": "AD SAM account name",
    "samAccountName}@${instance.namingContext": "AD SAM account name + domain",
    "userName": "AD user principal name",
    'fn:substringBefore(userName,"@")': "AD user principal name prefix",
    "userName}${instance.userSuffix": "LDAP UID + custom suffix",
    "NONE": "(None)",
}
_SOURCE = re.compile(r"\b(?:source|user)\.")
_DEEPEST = 10


_rules: Rules[None] = Rules(Subject.OKTA)
_rules.describe("""
OKT903
The Okta app does not exist or is not active
Okta provisions only through an app that exists and is active.
In Okta, open Applications > Applications, find the app by its name, and activate it if it should be
    in use.

OKT904 documented
The app is an OIDC app without provisioning, and Okta cannot add SCIM to it
An OIDC app of the Classic experience cannot have SCIM. It can stay as it is, for sign-in. An OIDC
    app of the Okta Integration Wizard can have SCIM, and Okta would list it here.
In Okta, create a second app for provisioning only: Applications > Applications > Create a new app
    integration > Okta Integration Wizard, with the capability Provisioning alone. If Okta does not
    offer that wizard, choose "SAML 2.0".

OKT905 documented
SCIM is not turned on for the app
Without SCIM, the app has no "Provisioning" tab and Okta sends nothing to ngrok.
In Okta, open General > App Settings > Edit, set "Provisioning" to "SCIM" (or tick "Enable SCIM
    provisioning") and save.

OKT906 documented
"Application username format" is not "Email"
Okta sends this value as `userName`. ngrok's documentation says that `userName` must be the e-mail
    address.
In Okta, open Sign On > Credentials Details, set "Application username format" to "Email", save, and
    press "Update Now".

OKT907 documented
Nobody is assigned to the app
Okta provisions only people who are assigned to the app.
In Okta, open Assignments > Assign and choose "Assign to Groups" or "Assign to People".

OKT915 warning
Okta sends attributes that ngrok does not use
ngrok documents only `userName`, `displayName` and `active`. Other attributes may make an update
    fail.
In Okta, open Provisioning > To App, remove the mapping of each attribute named here, then delete
    the attribute under "Go to Profile Editor".

OKT916 documented
A switch under To App is off in Okta
All of them are off in a new app. While one is off, Okta does not create, update or deactivate users
    in ngrok.
In Okta, open Provisioning > To App > Edit, tick "Create Users", "Update User Attributes" and
    "Deactivate Users", and save.

OKT919 notice
Several Okta apps lead to ngrok
Each of them may provision people. What was checked here is one of them alone; the others may have
    other values and other people.
Name the app that shall provision people: `ngrok-scim doctor --okta-app LABEL`.
""")
ENTRIES = _rules.entries


def choose_app(apps: Sequence[OktaApp], wanted: str = "") -> OktaApp | Unknown:
    """Choose the app through which Okta provisions people to ngrok.

    ``wanted`` is an id or a label, in any case or only its beginning. Without it, it is the app
    whose label has "ngrok" in it, or else the one with SCIM. Of several, the one that could
    provision somebody best. ``apps`` are those that Okta found for ``wanted``, or all of the org.
    """
    wanted = wanted.strip()
    labels = [(app.label.strip().casefold(), app) for app in apps]
    by_label = [app for label, app in labels if _NGROK in label]
    with_scim = [app for app in apps if _rank(app) == 0]
    ways = [by_label, with_scim]
    if wanted:
        ways = [
            [app for app in apps if app.id == wanted],
            [app for app in apps if app.label.strip() == wanted],
            [app for label, app in labels if label == wanted.casefold()],
            [app for label, app in labels if label.startswith(wanted.casefold())],
        ]
    meant = next(filter(None, ways), [])
    best = sorted(meant, key=_rank)[:2]
    if best and (len(best) == 1 or _rank(best[0]) < _rank(best[1])):
        return best[0]
    if meant:
        several = first_of([named(app) for app in meant], _SHOWN)
        reason = f"It may be one of several apps: {several}. Name it by its id: `--okta-app`."
        return Unknown(reason, conclusive=False)
    if wanted:
        reason = f"No app of this org has the id or the label “{excerpt(wanted, 60)}”."
        return Unknown(reason, (finding("OKT903", reason, fix=_GIVE_THE_LABEL),))
    if not apps:
        reason = "This token cannot see any app of the org."
        return Unknown(reason, (finding("OKT903", reason, fix=_CREATE),))
    return Unknown(
        'No app of this org has "ngrok" in its label, and none has SCIM. Name it: `--okta-app`.',
        conclusive=False,
    )


def judge_app(app: OktaApp) -> tuple[Finding, ...]:
    """Return what is wrong with the app as such.

    ``OKT904``: an OIDC app of the Classic experience. ``OKT903``: not active.
    """
    found = []
    if _oidc_without_scim(app):
        how = "signs people in by OpenID Connect, and Okta lists no provisioning for it"
        found.append(finding("OKT904", f"{named(app)} {how}."))
    if app.status.upper() not in ("", "ACTIVE"):
        fix = (
            f"In Okta, open Applications > Applications, choose “{excerpt(app.label, 60)}”, open "
            'the menu "Inactive" and choose "Activate".'
        )
        seen = f"{named(app)} has the status {excerpt(app.status, 40)}."
        found.append(finding("OKT903", seen, fix=fix))
    return tuple(found)


def judge_apps(app: OktaApp, apps: Iterable[OktaApp], wizard: str = "") -> tuple[Finding, ...]:
    """Return ``OKT919`` where other apps lead to ngrok, too, or the profile names another wizard.

    Okta tells no base URL, so an app leads to ngrok where its label says so and SCIM is on. Only
    the Okta Integration Wizard makes OIDC apps with SCIM, and only the Classic experience SWA apps
    with it. ``apps`` are those that Okta found for "ngrok"; ``wizard`` is ``classic`` or ``oiw``.
    """
    named_so = (one for one in apps if _NGROK in one.label.casefold())
    others = [one for one in named_so if one.id != app.id and _rank(one) == 0]
    if others:
        seen = first_of([named(one) for one in (app, *others)], _SHOWN)
        return (finding("OKT919", f"These apps have ngrok in their label, and SCIM: {seen}."),)
    made = "classic" if app.sign_on_mode.upper() in _SWA else ""
    if app.sign_on_mode.upper() == OIDC and app.features & _PROVISIONING:
        made = "oiw"
    if wizard not in _WIZARDS or not made or made == wizard:
        return ()
    seen = f"{named(app)} was made in the {_WIZARDS[made]}; the profile says {_WIZARDS[wizard]}."
    fix = f"Put it right in the profile: `ngrok-scim setup --okta-wizard {made}`."
    title = "The Okta app was made with the other wizard than the profile says"
    return (replace(finding("OKT919", seen, fix=fix), title=title),)


def judge_provisioning(
    app: OktaApp, answer: Exchange | None = None, *, provisioned: bool | None = None
) -> Judged | Unknown:
    """Tell whether SCIM is turned on for the app: ``OKT905`` where it certainly is not.

    It is certain where Okta lists features without provisioning; or where it lists none, says that
    provisioning is not enabled, and nobody was ever provisioned (``None``: not known). One sign
    alone is not enough: of an app made with the wizard, Okta tells little. ``answer`` is that of
    ``GET /api/v1/apps/{appId}/features/USER_PROVISIONING``.
    """
    document, refusal = _read_features(answer)
    status = as_text(document.get("status")).upper()
    features = sorted(excerpt(item, 40) for item in app.features if item)
    is_on = app.features & _PROVISIONING or status == _ENABLED
    if _oidc_without_scim(app):
        return Unknown("It is an OIDC app without provisioning. Okta cannot add SCIM to it.")
    if is_on or provisioned:
        return Judged(reason=f"{'Okta says so' if is_on else 'Somebody was provisioned'}.")
    if features:
        seen = f"Okta lists {first_of(features, _SHOWN_ATTRIBUTES)} for it, but no provisioning."
        return Judged((finding("OKT905", seen),))
    if (refusal or status == _DISABLED) and provisioned is False:
        seen = f"{refusal or 'Okta says that provisioning is off.'} Nobody was ever provisioned."
        return Judged((finding("OKT905", seen),))
    return Unknown("Okta does not report this for this app.")


def judge_assigned(count: int) -> tuple[Finding, ...]:
    """Return ``OKT907`` where nobody is assigned to the app."""
    return () if count else (finding("OKT907", "The app has no assignment."),)


def judge_switches(
    app: OktaApp, answer: Exchange | None = None, changes: Iterable[LogEvent] = ()
) -> Judged | Unknown:
    """Tell whether the switches under **To App** are on: ``OKT916`` where one certainly is off.

    ``changes`` are the events of the System Log about changes of the app
    (https://support.okta.com, "System Log query for Deactivate User provisioning feature").
    """
    reported, _ = _read_features(answer)
    states = {
        label: _ENABLED
        if feature in app.features
        else text_at(reported, f"capabilities.{path}.status").upper()
        for label, path, feature in _SWITCHES
    }
    stopped = _stopped(changes)
    is_reported = bool(states[_DEACTIVATE])
    if stopped and not is_reported:
        states[_DEACTIVATE] = _DISABLED
    off = [f'"{label}"' for label, state in states.items() if state == _DISABLED]
    if off:
        seen = f"{_and(off)} {'is' if len(off) == 1 else 'are'} off"
        title = f"{seen} under To App in Okta"
        if len(off) == len(_SWITCHES):
            title = "All switches under To App are off in Okta"
        fix = f"In Okta, open Provisioning > To App > Edit, tick {_and(off)}, and save."
        evidence = f"Okta says that {seen}."
        if stopped and states[_DEACTIVATE] == _DISABLED:
            actor, when = excerpt(stopped.actor, 80) or "Somebody", stopped.published[:16]
            if not is_reported:
                evidence = "Okta's System Log does not show that it was turned on again."
            took_off = f'{actor} took "{_DEACTIVATE}" off on {when.replace("T", " ")} UTC.'
            evidence = f"{took_off} {evidence}"
        severity = Severity.WARNING if off == [f'"{_UPDATE}"'] else None
        found = finding("OKT916", evidence, severity=severity, fix=fix)
        return Judged((replace(found, title=title),))
    if all(state == _ENABLED for state in states.values()):
        return Judged(reason="All three are on.")
    return Unknown("Okta does not report this for this app. Look under Provisioning > To App.")


def judge_mappings(documents: Iterable[dict[str, object]]) -> tuple[Finding, ...]:
    """Return ``OKT915`` where attributes are mapped that ngrok does not take.

    ``documents`` are the mappings of the app (``GET /api/v1/mappings/{mappingId}``). A row that
    applies "on Create" only counts, too: it is sent once.
    """
    names: dict[str, None] = {}
    for document in documents:
        if text_at(document, "target.type") == "user":
            continue  # the way back, from the app into Okta
        for name, row in as_object(document.get("properties")).items():
            if name not in _TAKEN and text_at(row, "expression").strip():
                names[excerpt(name, 60)] = None
    if not names:
        return ()
    return (finding("OKT915", f"Mapped are: {first_of(tuple(names), _SHOWN_ATTRIBUTES)}."),)


def judge_user_name_format(app: OktaApp, people: Iterable[AppUser] = ()) -> Judged | Unknown:
    """Tell whether **Application username format** is Email: ``OKT906`` where it is not.

    Whether an expression of the org's own gives the e-mail address cannot be read off it; that is
    judged by the people who have both.
    """
    template = "".join(app.user_name_template.split())
    if not template:
        return Unknown("Okta does not report this for this app.")
    meant = _meant(template)
    if meant in _EMAIL:
        return Judged(reason="It is “Email”.")
    label = _LABELS.get(_SOURCE.sub("", meant))
    if label:
        return Judged((finding("OKT906", f"It is “{label}” ({excerpt(template, 80)})."),))
    return _by_people(template, people)


def _meant(template: str) -> str:
    """Return the expression without what does not change who is meant."""
    meant = _WRAPPED.sub(r"\1", template)
    for _ in range(_DEEPEST):
        meant = _CASE.sub(r"\1", meant)
    return meant


def _by_people(template: str, people: Iterable[AppUser]) -> Judged | Unknown:
    known = [one for one in people if one.email and one.user_name]
    others = [one for one in known if one.email.casefold() != one.user_name.casefold()]
    what = f"It is an expression of your own, “{excerpt(template, 80)}”"
    if not known:
        return Unknown(f"{what}. It is not known whether it returns the e-mail address.")
    if not others:
        return Judged(reason=f"{what}, and it returns each person's e-mail address.")
    name, email = excerpt(others[0].user_name, 80), excerpt(others[0].email, 80)
    seen = (
        f"{what}. For {len(others):,} of {len(known):,} people it does not return the e-mail "
        f"address: “{name}” instead of “{email}”."
    )
    return Judged((finding("OKT906", seen),))


def named(app: OktaApp) -> str:
    """Return how output names an app: by its label and id."""
    label, app_id = excerpt(app.label, 60), excerpt(app.id, 40)
    return f"“{label}” ({app_id})" if label else f"The app {app_id}".strip()


def _rank(app: OktaApp) -> int:
    """Return how far an app is from provisioning: 0 with SCIM, 1 without, 2 OIDC, 3 inactive."""
    if app.status.upper() != "ACTIVE":
        return 3
    if _oidc_without_scim(app):
        return 2
    return 0 if app.features & _PROVISIONING else 1


def _oidc_without_scim(app: OktaApp) -> bool:
    """Tell whether it is an OIDC app of the Classic experience; one of the OIW may have SCIM."""
    return app.sign_on_mode.upper() == OIDC and not app.features & _PROVISIONING


def _read_features(answer: Exchange | None) -> tuple[dict[str, object], str]:
    """Return the feature ``USER_PROVISIONING``, or what Okta says where provisioning is off."""
    reply = answer.reply if answer else None
    if reply is None:
        return {}, ""
    if reply.is_success:
        return document_of(reply), ""
    error = read_okta_error(reply)
    return {}, str(error) if _NOT_ENABLED in error.summary.casefold() else ""


def _stopped(changes: Iterable[LogEvent]) -> LogEvent | None:
    """Return the event that took **Deactivate Users** off, unless it was put on again since."""
    said = [(one.custom_message.strip().rstrip(".").casefold(), one) for one in changes]
    switched = [(text, one) for text, one in said if text in (_STOPPED, _RESUMED)]
    text, last = max(switched, key=lambda each: each[1].published, default=("", None))
    return last if text == _STOPPED else None


def _and(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
