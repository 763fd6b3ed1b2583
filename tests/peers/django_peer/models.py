"""The users and groups that django-scim2 serves."""

from django.contrib.auth.models import AbstractUser  # type: ignore[import-not-found]
from django.db import models  # type: ignore[import-not-found]
from django_scim.models import (  # type: ignore[import-not-found]
    AbstractSCIMGroupMixin,
    AbstractSCIMUserMixin,
)


class User(AbstractSCIMUserMixin, AbstractUser):  # type: ignore[misc]
    scim_groups = models.ManyToManyField("Group", related_name="user_set")


class Group(AbstractSCIMGroupMixin):  # type: ignore[misc]
    name = models.CharField(max_length=100)
