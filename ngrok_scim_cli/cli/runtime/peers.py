"""Finds the credentials for ngrok and Okta, for the commands that examine both sides."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.diagnosis.values.validate import validate
from ngrok_scim_cli.doctor.access import Access, open_ngrok, open_okta, open_resolver, or_unknown
from ngrok_scim_cli.doctor.evidence import Evidence, Progress

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ngrok_scim_cli.cli.runtime.session import Session
    from ngrok_scim_cli.form import Form


def find_peers(
    session: Session,
    progress: Progress,
    *,
    form: Form | None = None,
    ranges_file: Path | None = None,
) -> Callable[[], Evidence]:
    """Look up what the command line, the environment, the profile and keyring give.

    The SCIM key is asked for where nothing gives it and there is a person. Where there is a
    ``form``, that is used as it is, and ngrok's API is not asked.
    """
    options = session.options
    if form is None:
        values = or_unknown(session.values)
        ngrok = open_ngrok(session.settings, options.admin_key_file, session.wire)
    else:
        values = validate(form, session.trust)
        ngrok = Unknown("ngrok's API is not asked.")
    other_values = or_unknown(lambda: validate(session.form_with(""), session.trust))
    profile = or_unknown(lambda: session.settings.profile)
    okta = open_okta(
        session.settings,
        org_url=options.okta_org_url,
        token=options.okta_token,
        token_file=options.okta_token_file,
        allowed_hosts=options.allow_host or (),
        open_wire=session.open_wire,
        on_wait=progress.waits,
    )
    ranges = None
    if ranges_file:
        from ngrok_scim_cli.doctor.account import read_ranges

        ranges = read_ranges(ranges_file)
    app = or_unknown(lambda: session.settings.value("okta_app", options.okta_app).value)
    named = app if isinstance(app, str) else ""

    def evidence() -> Evidence:
        connector = session.connector_test(repairing=form is None)
        access = Access(
            session.settings,
            session.wire,
            values,
            connector,
            ngrok,
            okta,
            named or session.default_okta_app,
            profile,
            other_values=None if isinstance(other_values, Unknown) else other_values,
            okta_ranges=ranges,
            is_sandbox=session.options.sandbox,
            open_resolver=partial(open_resolver, options.timeout),
        )
        return Evidence(access, now=lambda: datetime.now(UTC), progress=progress)

    return evidence
