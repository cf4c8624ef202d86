"""People and API keys."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models

from equipoise.service.accounts.permissions import Role


class User(AbstractUser):
    """A person. Their role decides what they may do, `level` how far their authority goes, branch
    and region which rows they see."""

    role = models.CharField(
        max_length=20, blank=True, default="", choices=[(role.value, role.name) for role in Role]
    )
    level = models.PositiveSmallIntegerField(default=0)
    branch = models.CharField(max_length=60, blank=True, default="")
    region = models.CharField(max_length=60, blank=True, default="")


class Program(models.Model):
    """A program that asks, and what it may do, where and how often. Decisions and all else that it
    begins are the program's, so that they outlive each of its keys; `owner` is who made it. One
    that is a `test` only tries: it is answered, and nothing of it stays."""

    id = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=80)
    owner_id: int
    owner = models.ForeignKey(User, on_delete=models.PROTECT)
    scopes = models.JSONField(default=list)
    branch = models.CharField(max_length=60, blank=True, default="")
    region = models.CharField(max_length=60, blank=True, default="")
    rate = models.FloatField()
    burst = models.PositiveIntegerField()
    test = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager[Program]] = models.Manager()


class ApiKey(models.Model):
    """A program's key. Only the digest is kept; `prefix` finds it and may be shown."""

    prefix = models.CharField(max_length=12, primary_key=True)
    digest = models.BinaryField()
    program_id: str
    program = models.ForeignKey(Program, on_delete=models.PROTECT)
    made_by_id: int
    made_by = models.ForeignKey(User, on_delete=models.PROTECT)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[ApiKey]] = models.Manager()
