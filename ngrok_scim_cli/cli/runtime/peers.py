"""Looks up with what ngrok and Okta may be asked, for the commands that examine both sides."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from ngrok_scim_cli.doctor.access import open_ngrok, open_okta, read_profile
from ngrok_scim_cli.doctor.evidence import Access, Evidence
from ngrok_scim_cli.doctor.shared_future import Missing
from ngrok_scim_cli.errors import NgrokScimError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ngrok_scim_cli.cli.runtime.session import Session
    from ngrok_scim_cli.doctor.access import OktaSide
    from ngrok_scim_cli.doctor.progress import Progress
    from ngrok_scim_cli.form import Form

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Given:
    """What the command line says.

    Attributes:
        base_url: ``--base-url``.
        api_key_file: ``--api-key-file``.
        unique_identifier: ``--unique-id``.
        auth_mode: ``--auth-mode``.
        actions: each ``--action``.
        allow_empty: ``--allow-empty``.
        allowed_hosts: each ``--allow-host``.
        admin_key_file: ``--admin-key-file``.
        okta_org_url: ``--okta-org-url``, or what the person typed for it.
        okta_app: ``--okta-app``.
        okta_ip_ranges: ``--okta-ip-ranges``.
        okta_token: what the person typed. Left out of ``repr``.
    """

    base_url: str | None = None
    api_key_file: str | None = None
    unique_identifier: str | None = None
    auth_mode: str | None = None
    actions: Sequence[str] | None = None
    allow_empty: bool = False
    allowed_hosts: Sequence[str] = ()
    admin_key_file: str | None = None
    okta_org_url: str | None = None
    okta_app: str | None = None
    okta_ip_ranges: Path | None = None
    okta_token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Peers:
    """ngrok and Okta, as far as they may be asked.

    Attributes:
        other_values: the values of Okta's form without the key, or why they are not known.
        okta: the Okta side.
        evidence: makes fresh evidence; nothing of it is fetched yet.
    """

    other_values: Form | Missing
    okta: OktaSide
    evidence: Callable[[], Evidence]


def find_peers(session: Session, given: Given, progress: Progress) -> Peers:
    """Look everything up that the command line, the environment, the profile and keyring give.

    The SCIM key is asked for where nothing gives it and there is a person.

    Raises:
        UsageError: a file that was named cannot be read, or an option is wrong.
    """
    form = _or_missing(
        lambda: session.form(
            base_url=given.base_url,
            api_key_file=given.api_key_file,
            unique_identifier=given.unique_identifier,
            auth_mode=given.auth_mode,
            actions=given.actions,
        )
    )
    other_values = _or_missing(
        lambda: session.settings.form(
            "",
            base_url=given.base_url,
            unique_identifier=given.unique_identifier,
            auth_mode=given.auth_mode,
            actions=given.actions,
        )
    )
    profile = read_profile(session.settings)
    ngrok = open_ngrok(session.settings, given.admin_key_file, session.wire)
    okta = open_okta(
        session.settings,
        org_url=given.okta_org_url,
        token=given.okta_token,
        allowed_hosts=given.allowed_hosts,
        open_wire=session.open_wire,
        progress=progress,
    )
    app = _or_missing(lambda: session.settings.okta_app(given.okta_app))
    named = app.value if app and not isinstance(app, Missing) else session.default_okta_app

    def evidence() -> Evidence:
        connector = session.connector_test(allow_empty=given.allow_empty)
        access = Access(session.wire, form, connector, ngrok, okta.api, named, profile)
        return Evidence(access, now=lambda: datetime.now(UTC), progress=progress)

    return Peers(other_values, okta, evidence)


def _or_missing(look_up: Callable[[], _Value]) -> _Value | Missing:
    try:
        return look_up()
    except UsageError:
        raise
    except NgrokScimError as error:
        return Missing(error.message, error.advice)
