"""The Okta app: which one it is, of what kind, and how it is set."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.error_body import excerpt
from ngrok_scim_cli.diagnosis.finding import Finding
from ngrok_scim_cli.diagnosis.okta_records import OktaApp
from ngrok_scim_cli.diagnosis.people import AppUser
from ngrok_scim_cli.diagnosis.told import Told, untold
from ngrok_scim_cli.wire.exchange import Exchange


@dataclass(frozen=True, slots=True)
class NotChosen:
    """Why no app was chosen.

    Attributes:
        reason: what is missing, in one sentence.
        candidates: the apps that it may be, where there are several.
        findings: ``OKT903`` where the app is not there for certain.
    """

    reason: str
    candidates: tuple[OktaApp, ...] = ()
    findings: tuple[Finding, ...] = ()


def choose_app(apps: Sequence[OktaApp], wanted: str = "") -> OktaApp | NotChosen:
    """Choose the app through which Okta provisions people to ngrok.

    Args:
        apps: the apps of the org, or those that Okta found for ``wanted``.
        wanted: an id or a label; empty where the app is to be found.
    """
    raise NotImplementedError


def judge_app(app: OktaApp) -> tuple[Finding, ...]:
    """Return what is wrong with the app itself: ``OKT903`` not active, ``OKT904`` OIDC."""
    raise NotImplementedError


def judge_provisioning(
    app: OktaApp, answer: Exchange | None = None, *, provisioned: bool | None = None
) -> Told:
    """Tell whether SCIM is switched on for the app: ``OKT905`` where it certainly is not.

    Args:
        app: the app.
        answer: ``GET /api/v1/apps/{appId}/features/USER_PROVISIONING`` and what came of it.
        provisioned: whether one of the app's people has an ``externalId``; ``None`` where that is
            not known.
    """
    raise NotImplementedError


def judge_user_name_format(app: OktaApp, people: Iterable[AppUser] = ()) -> Told:
    """Tell whether **Application username format** is Email: ``OKT906`` where it is not.

    Args:
        app: the app.
        people: the app's people; by them an expression is judged that cannot be read.
    """
    raise NotImplementedError


def judge_assigned(count: int) -> tuple[Finding, ...]:
    """Return ``OKT907`` where nobody is assigned to the app."""
    return () if count else (finding("OKT907", "The app has no assignments."),)


def judge_switches(answer: Exchange | None) -> Told:
    """Tell whether the switches under **To App** are on: ``OKT916`` where one is off.

    Args:
        answer: ``GET /api/v1/apps/{appId}/features/USER_PROVISIONING`` and what came of it.
    """
    raise NotImplementedError


def judge_mappings(documents: Iterable[dict[str, object]]) -> tuple[Finding, ...]:
    """Return ``OKT915`` where attributes are mapped that ngrok does not take.

    Args:
        documents: each ``GET /api/v1/mappings/{mappingId}`` whose target is the app.
    """
    raise NotImplementedError
