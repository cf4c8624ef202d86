"""People, invitations, requests for roles, and API keys."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models

from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.accounts.rights import Rights


class User(AbstractUser):
    """A person. Their role decides what they may do, branch and region which rows they see.

    `handed_over_at` is when they set a password that nobody else chose: until then nothing that
    takes two people counts from them. `reset_at` is when the owner of the machine gave them another
    one. `role_asked_by` and `role_confirmed_by` gave the role. `language` is the one in which they
    last looked at a page, and in which they are written to; empty where nobody knows.
    """

    role = models.CharField(
        max_length=20, blank=True, default="", choices=[(role.value, role.name) for role in Role]
    )
    branch = models.CharField(max_length=60, blank=True, default="")
    region = models.CharField(max_length=60, blank=True, default="")
    invited_by = models.CharField(max_length=40, blank=True, default="")
    handed_over_at = models.DateTimeField(null=True)
    reset_at = models.DateTimeField(null=True)
    role_asked_by = models.CharField(max_length=40, blank=True, default="")
    role_confirmed_by = models.CharField(max_length=40, blank=True, default="")
    language = models.CharField(max_length=12, blank=True, default="")

    @property
    def rights(self) -> Rights:
        """What they may do now."""
        return Rights(Role(self.role), self.branch, self.region, self.is_active)

    @property
    def awaits_redemption(self) -> bool:
        """Whether nobody has taken the account over yet: it may do nothing."""
        return self.handed_over_at is None and not self.has_usable_password()


class Invitation(models.Model):
    """A one-time way into an account. Only a digest of its code is kept; `id` finds it and may be
    shown. Of a person's invitations the latest alone can be redeemed."""

    id = models.CharField(max_length=24, primary_key=True)
    user_id: int
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="invitations")
    digest = models.BinaryField()
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    redeemed_at = models.DateTimeField(null=True)
    made_from = models.JSONField(default=dict)
    redeemed_from = models.JSONField(default=dict)

    objects: ClassVar[models.Manager[Invitation]] = models.Manager()


class RoleRequestState(models.TextChoices):
    """What became of it."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class RoleRequest(models.Model):
    """Rights that one person asks for another, and what became of it. It never changes but by
    being settled; of a person at most one is open."""

    user_id: int
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="role_requests")
    role = models.CharField(max_length=20)
    branch = models.CharField(max_length=60, blank=True, default="")
    region = models.CharField(max_length=60, blank=True, default="")
    is_active = models.BooleanField(default=True)
    asked_by = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    asked_from = models.JSONField(default=dict)
    state = models.CharField(
        max_length=12, choices=RoleRequestState.choices, default=RoleRequestState.OPEN
    )
    settled_by = models.CharField(max_length=40, blank=True, default="")
    settled_at = models.DateTimeField(null=True)
    settled_from = models.JSONField(default=dict)

    objects: ClassVar[models.Manager[RoleRequest]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(state="open"), name="accounts_one_open_request"
            )
        ]

    @property
    def rights(self) -> Rights:
        """What the person may do once it is confirmed."""
        return Rights(Role(self.role), self.branch, self.region, self.is_active)


class Program(models.Model):
    """A program that asks, and what it may do, where and how often. Decisions and all else that it
    begins are the program's, so that they outlive each of its keys.

    `owner` answers for it: a person (`user.7`) or everyone of a role (`role.administrator`); it
    passes on, and `owners` are all persons who ever were. One that is a `test` only tries: it is
    answered, and nothing of it stays.
    """

    id = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=80)
    owner = models.CharField(max_length=40)
    owners = models.JSONField(default=list)
    scopes = models.JSONField(default=list)
    branch = models.CharField(max_length=60, blank=True, default="")
    region = models.CharField(max_length=60, blank=True, default="")
    rate = models.FloatField()
    burst = models.PositiveIntegerField()
    test = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager[Program]] = models.Manager()


class ApiKey(models.Model):
    """A program's key. Only the digest is kept; `prefix` finds it and may be shown. It is in force
    until its end, whatever becomes of who made it."""

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
