"""The profile: what is known of one connection between Okta and ngrok. It holds no secret."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from ngrok_scim_cli.form import Wizard
from ngrok_scim_cli.records import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """An API key of ngrok's; its secret half is in the keyring, unless ``kept`` says otherwise.

    Attributes:
        id: its id (``ak_…``); empty where the key does not show it.
        owner_id: the id of the user or Service User to whom it belongs.
        owner_name: that one's name.
        description: the key's description at ngrok.
        stored_at: when it was put into the keyring.
        kept: how its secret is kept outside the keyring: ``command`` (handed to one), ``shown``
            (once, to a person) or ``by-hand``.
        kept_by: the name of that command.
    """

    id: str
    owner_id: str = ""
    owner_name: str = ""
    description: str = ""
    stored_at: datetime | None = None
    kept: str = ""
    kept_by: str = ""


@dataclass(frozen=True, slots=True)
class PendingKey:
    """A key that is about to be made: written down before ngrok is asked for it.

    Attributes:
        mark: random letters that are also in the key's ``metadata`` at ngrok, by which a
            half-made key is found again.
        description: the description that the key gets.
        started_at: when it was begun.
        owner_id: the id of its future owner, which also identifies the account.
        kept: as of ``Key``.
        kept_by: as of ``Key``.
        handing_over: the id of the key, while it is handed over: whether it arrived is not known.
        place: ``next`` for the new key of a rotation.
    """

    mark: str
    description: str = ""
    started_at: datetime | None = None
    owner_id: str = ""
    kept: str = ""
    kept_by: str = ""
    handing_over: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Rotation:
    """Two keys that both work, until a person says which of them Okta has.

    Attributes:
        old: the key that is to go; of an earlier version's profile, its secret is kept nowhere.
        new: the key that is to be pasted into Okta.
    """

    old: Key
    new: Key


@dataclass(frozen=True, slots=True)
class Okta:
    """What is known of the Okta side.

    Attributes:
        app_type: ``saml``, ``swa`` or ``oidc``.
        org_url: the org's URL, like ``https://example.okta.com``.
        app: the app's id or label.
        token_stored_at: when the org's API token was put into the keyring; ``None`` where it
            is not there.
        wizard: how the app was made: ``classic``, or ``oiw`` (Okta Integration Wizard); empty where
            nobody said.
    """

    app_type: str = ""
    org_url: str = ""
    app: str = ""
    token_stored_at: datetime | None = None
    wizard: str = ""

    @property
    def made_by(self) -> Wizard:
        """How the app was made: in the Classic experience, where nobody said otherwise."""
        return Wizard.OIW if self.wizard == Wizard.OIW else Wizard.CLASSIC


@dataclass(frozen=True, slots=True)
class Domain:
    """An e-mail domain that ngrok support must allow.

    Attributes:
        name: the domain, like ``example.com``.
        submitted_at: when the request was sent.
        approved_at: when ngrok said yes.
        note: what the person wrote down about it.
        txt: the value of the TXT record that ngrok's support asked for.
    """

    name: str
    submitted_at: datetime | None = None
    approved_at: datetime | None = None
    note: str = ""
    txt: str = ""

    @property
    def state(self) -> str:
        """How far it is: ``approved``, ``submitted`` or ``not submitted``."""
        if self.approved_at:
            return "approved"
        return "submitted" if self.submitted_at else "not submitted"


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A rehearsal that was begun, by which its throw-away users are found again.

    Attributes:
        base_url: the endpoint at which they were made.
        dialect: how they are updated: ``put`` or ``patch``.
        started_at: when it was begun.
        user_names: the user names that it may use, written down before the first request.
        ids: the ids of the users, as they came.
    """

    base_url: str
    dialect: str = "put"
    started_at: datetime | None = None
    user_names: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """All that one profile knows. Change it with ``dataclasses.replace``.

    Times carry their time zone.

    Attributes:
        name: what it is called; the name of its file.
        base_url: the form's base URL as typed; ``None`` where it was never given.
        unique_identifier: the form's unique identifier field as typed.
        auth_mode: the form's authentication mode as typed.
        actions: the ticked boxes of the form; ``None`` where they were never given.
        key: the key whose secret is in the keyring as ``PROFILE/scim``.
        next_key: during a rotation, the new key; its secret is kept as ``PROFILE/scim-next``.
        previous_key: the key that ``key`` replaced after its secret was lost, until it is revoked.
        pending_key: a key that is about to be made.
        okta: what is known of the Okta side.
        domains: the e-mail domains, in the order in which they were added.
        rehearsal: a rehearsal whose throw-away users may still be active.
        steps: when each finished step of the setup was done, by its name.
        readable_by_others: whether other users of the machine can read the file. It is a fact
            about the file, not in it.
    """

    name: str
    base_url: str | None = None
    unique_identifier: str | None = None
    auth_mode: str | None = None
    actions: tuple[str, ...] | None = None
    key: Key | None = None
    next_key: Key | None = None
    previous_key: Key | None = None
    pending_key: PendingKey | None = None
    okta: Okta = Okta()
    domains: tuple[Domain, ...] = ()
    rehearsal: Rehearsal | None = None
    steps: Mapping[str, datetime] = field(default_factory=dict)
    readable_by_others: bool = field(default=False, compare=False)

    @property
    def rotation(self) -> Rotation | None:
        """The old and the new key while a rotation is under way."""
        if self.next_key:
            return Rotation(self.key or self.previous_key or Key(""), self.next_key)
        if self.key and self.previous_key:
            return Rotation(self.previous_key, self.key)
        return None

    @property
    def domains_by_name(self) -> dict[str, Domain]:
        """The domains by their names; of one that a person has written twice, the first."""
        known: dict[str, Domain] = {}
        for domain in self.domains:
            known.setdefault(domain.name, domain)
        return known

    @property
    def key_ids(self) -> tuple[str, ...]:
        """The ids of the keys that it names: the one in use, its successor, the one before."""
        keys = (self.key, self.next_key, self.previous_key)
        named = tuple(key.id for key in keys if key and key.id)
        half_way = self.pending_key.handing_over if self.pending_key else ""
        return (*named, half_way) if half_way else named
