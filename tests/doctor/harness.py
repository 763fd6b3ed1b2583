"""The sandbox with real wires to it, and fresh evidence at any time."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from ngrok_scim_cli.diagnosis.finding import Check
from ngrok_scim_cli.diagnosis.values.validate import Values, validate
from ngrok_scim_cli.doctor.access import Access, OktaSide
from ngrok_scim_cli.doctor.checks import CheckPlan, make_in_order
from ngrok_scim_cli.doctor.evidence import Evidence
from ngrok_scim_cli.form import Form
from ngrok_scim_cli.probe.connector_test import ConnectorTest
from ngrok_scim_cli.sandbox.server import Sandbox
from ngrok_scim_cli.settings.profile import Profile
from ngrok_scim_cli.settings.profile_store import ProfileStore
from ngrok_scim_cli.settings.secrets import SecretStore
from ngrok_scim_cli.settings.sources import Settings
from ngrok_scim_cli.wire.client import Wire
from ngrok_scim_cli.wire.ngrok_api import NgrokApi
from ngrok_scim_cli.wire.okta_api import OktaApi


@dataclass
class RecordedProgress:
    """Takes notice of progress and of waits, and waits for nobody."""

    lists: list[tuple[str, int, int | None]] = field(default_factory=list)
    waited: list[str] = field(default_factory=list)
    paused: list[float] = field(default_factory=list)

    def read(self, what: str, done: int, total: int | None) -> None:
        self.lists.append((what, done, total))

    def waits(self, what: str, seconds: float) -> None:
        self.waited.append(what)


class Harness:
    """A sandbox, and what asks it."""

    def __init__(self, sandbox: Sandbox, wire: Wire, okta_wire: Wire) -> None:
        self.sandbox = sandbox
        self.progress = RecordedProgress()
        values = sandbox.values
        okta = OktaApi(
            okta_wire, values.okta_org_url, values.okta_token, pause=self.progress.paused.append
        )
        self.access = Access(
            settings=Settings(
                environment={},
                profiles=ProfileStore(Path("/nowhere")),
                secrets=SecretStore,
                profile_name="default",
            ),
            wire=wire,
            values=validate(Form(values.scim_base_url, values.scim_key)),
            connector=ConnectorTest(wire, now=datetime.now(UTC)),
            ngrok=NgrokApi(wire, values.api_base_url, values.admin_key),
            okta=OktaSide(values.okta_org_url, okta),
            okta_app=values.okta_app,
            profile=Profile("default"),
        )

    @classmethod
    @contextmanager
    def of(cls, sandbox: Sandbox) -> Iterator[Self]:
        account = sandbox.account
        keys, restrictions = dict(account.keys), dict(account.ip_restrictions)
        with Wire() as wire, Wire(known_hosts=()) as okta_wire:
            yield cls(sandbox, wire, okta_wire)
        sandbox.set_faults([])
        account.keys, account.ip_restrictions = keys, restrictions

    def evidence(self, *faults: str, **access: object) -> Evidence:
        """Return fresh evidence, with other access where it is named."""
        self.sandbox.set_faults(faults)
        if not isinstance(okta := access.get("okta", self.access.okta), OktaSide):
            access["okta"] = replace(self.access.okta, api=okta)  # type: ignore[arg-type]
        connector = ConnectorTest(self.access.wire, now=datetime.now(UTC))
        return Evidence(
            replace(self.access, **{"connector": connector, **access}),  # type: ignore[arg-type]
            now=lambda: datetime.now(UTC),
            progress=self.progress,
            pause=self.progress.paused.append,
        )

    def values(self, *, base_url: str = "", authorization: str | None = None) -> Values:
        """Return the values as typed, with others where they are given."""
        values = self.access.values
        assert isinstance(values, Values)
        form = replace(
            values.form,
            base_url=base_url or values.form.base_url,
            authorization=values.form.authorization if authorization is None else authorization,
        )
        return validate(form)


def made_of(plans: Iterable[CheckPlan], evidence: Evidence) -> dict[str, Check]:
    """Make the checks, and return how each ended, by its code."""
    return {plan.code: check for plan, check in make_in_order(plans, evidence)}


def codes(check: Check) -> list[str]:
    return [item.code for item in check.findings]
