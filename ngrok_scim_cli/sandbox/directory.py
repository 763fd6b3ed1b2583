"""The SCIM users of the sandbox, as a storage of scim2-server.

Users are kept as small records, and only those that an answer holds become SCIM resources: a
hundred thousand users are ready at once, and a page costs the same wherever it starts.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from threading import RLock
from typing import Any

from scim2_models import (
    InvalidValueException,
    Meta,
    NotFoundException,
    Resource,
    ResourceType,
    ResponseParameters,
    ScimFilter,
    SearchRequest,
    UniquenessException,
)
from scim2_models.path import CompareOperator, Comparison
from scim2_server.storage import ScimStorage, SearchPage

from ngrok_scim_cli.sandbox.account import ksuid
from ngrok_scim_cli.sandbox.people import Person, StoredUser

# The first user was made at this time, each further one a minute later.
_FIRST_CREATED = datetime(2025, 9, 1, 8, tzinfo=UTC)


class Directory(ScimStorage):
    """Holds the users that ngrok's SCIM endpoint serves, in the order in which they came.

    Attributes:
        deletes: whether users can be deleted; ngrok documents no such request.
    """

    deletes = False

    def __init__(self, model: type[Resource[Any]], people: Iterable[Person]) -> None:
        self._model: Any = model
        self._lock = RLock()
        self._seeded = 0
        self._users = {user.id: user for user in map(self._seed, people)}

    @contextmanager
    def operation(self) -> Iterator[None]:
        """Hold the lock while scim2-server reads and writes."""
        with self._lock:
            yield

    def everybody(self) -> list[StoredUser]:
        """Return all users in their order."""
        with self._lock:
            return list(self._users.values())

    def page(self, start: int, count: int) -> tuple[int, list[StoredUser]]:
        """Return how many users there are, and ``count`` of them from index ``start`` on."""
        with self._lock:
            return len(self._users), list(islice(self._users.values(), start, start + count))

    def put_first(self, people: Iterable[Person]) -> list[StoredUser]:
        """Put ``people`` before all others, whatever is wrong with them."""
        with self._lock:
            newcomers = {user.id: user for user in map(self._seed, people)}
            self._users = {**newcomers, **self._users}
        return list(newcomers.values())

    def take_out(self, user_id: str) -> None:
        """Remove a user, if they are there."""
        with self._lock:
            self._users.pop(user_id, None)

    def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        response_parameters: ResponseParameters[Any] | None = None,  # noqa: ARG002 - as the base
    ) -> Resource[Any]:
        """Return one user."""
        return self._resource(self._stored(resource_type, resource_id))

    def search(
        self,
        resource_types: list[ResourceType],  # noqa: ARG002 - there is but one
        search_request: SearchRequest[Any],
        *,
        position: Any = None,  # noqa: ANN401, ARG002 - as the base
    ) -> SearchPage:
        """Return one page of the users that match."""
        found = self._matching(search_request.filter)
        # Whatever number is asked for, no more than what is there can be counted off.
        start = min(search_request.start_index_0 or 0, len(found))
        asked = search_request.count
        count = len(found) if asked is None else min(asked, len(found))
        page = islice(found, start, start + count)
        return SearchPage(len(found), [self._resource(user) for user in page])

    def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        """Add a user."""
        del resource_type
        now = datetime.now(UTC)
        user_id = "usr_" + ksuid(int(now.timestamp()))
        user = StoredUser(user_id, self._person(resource, user_id), now, now)
        self._users[user.id] = user
        return self._resource(user)

    def update(
        self,
        resource_type: ResourceType,
        resource: Resource[Any],
        *,
        expected_version: str | None = None,  # noqa: ARG002 - nobody else holds the lock
    ) -> Resource[Any]:
        """Replace what is known of a user."""
        stored = self._stored(resource_type, resource.id)
        user = replace(stored, person=self._person(resource, stored.id), modified=datetime.now(UTC))
        self._users[user.id] = user
        return self._resource(user)

    def delete(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        expected_version: str | None = None,  # noqa: ARG002 - nobody else holds the lock
    ) -> None:
        """Remove a user."""
        del self._users[self._stored(resource_type, resource_id).id]

    def _seed(self, person: Person) -> StoredUser:
        created = _FIRST_CREATED + timedelta(minutes=self._seeded)
        payload = self._seeded.to_bytes(16, "big")
        self._seeded += 1
        user_id = "usr_" + ksuid(int(created.timestamp()), payload)
        return StoredUser(user_id, person, created, created)

    def _stored(self, resource_type: ResourceType, user_id: str | None) -> StoredUser:
        user = self._users.get(user_id or "")
        if user is None:
            raise NotFoundException(detail=f"{resource_type.name} {user_id!r} not found")
        return user

    def _person(self, resource: Any, user_id: str) -> Person:  # noqa: ANN401 - the model is made late
        name = resource.user_name
        if not name:
            raise InvalidValueException(detail="userName must not be empty")
        if any(user.id != user_id for user in self._named(name)):
            raise UniquenessException
        return Person(name, resource.display_name, resource.active is not False)

    def _named(self, user_name: str) -> list[StoredUser]:
        """Return who has this ``userName``; RFC 7643 section 4.1.1 knows no case in it."""
        wanted = user_name.casefold()
        return [user for user in self._users.values() if user.person.user_name.casefold() == wanted]

    def _matching(self, wanted: ScimFilter[Any] | None) -> list[StoredUser]:
        if wanted is None:
            return list(self._users.values())
        looked_up = _looked_up_name(wanted)
        if looked_up is not None:
            return self._named(looked_up)
        return [user for user in self._users.values() if wanted.match(self._resource(user))]

    def _resource(self, user: StoredUser) -> Resource[Any]:
        person = user.person
        resource: Resource[Any] = self._model(
            id=user.id,
            user_name=person.user_name,
            display_name=person.display_name,
            active=person.active,
            meta=Meta(resource_type="User", created=user.created, last_modified=user.modified),
        )
        return resource


def _looked_up_name(wanted: ScimFilter[Any]) -> str | None:
    """Return the name that ``userName eq "name"`` asks for, or ``None`` for any other filter."""
    node = wanted.ast
    if (
        isinstance(node, Comparison)
        and node.op == CompareOperator.eq
        and str(node.attr_path).casefold() == "username"
        and isinstance(node.value, str)
    ):
        return node.value
    return None
