"""People as whoever acts, the first of them, and whose rows someone sees."""

from __future__ import annotations

from typing import Any, Protocol

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from equipoise.errors import BadInput
from equipoise.service.platform.accounts.events import PasswordChanged, UserMade
from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import APPLICANT, Principal, Reach, Role
from equipoise.service.platform.record import services as record


def remember_language(user: User, language: str) -> None:
    """They read in that language, and are written to in it. What is known already costs nothing."""
    if user.language != language:
        User.objects.filter(pk=user.pk).update(language=language)


def principal_of(user: User) -> Principal:
    """A person as whoever acts."""
    name = f"user.{user.pk}"
    return Principal(name, name, Role(user.role), user.branch, user.region)


def make_user(username: str, password: str, role: Role, by: str) -> User:
    """An account whose password somebody else chose: the first start's alone. It is handed over
    once its person sets one of their own. Raises BadInput where the name is taken or the password
    is weak."""
    try:
        validate_password(password, User(username=username))
    except ValidationError as error:
        raise BadInput(
            "the password is too weak", field="password", mend=" ".join(error.messages)
        ) from None
    with transaction.atomic():
        if User.objects.filter(username__iexact=username).exists():
            raise BadInput("there is a person of that name", field="username")
        user = User.objects.create_user(
            username,
            None,
            password,
            role=role.value,
            invited_by=by,
            role_asked_by=by,
        )
        event = UserMade(**user.rights.as_dict(), by=by)
        record.append(record.event(f"user.{user.pk}", event, begins=True, rows=(user,)))
    return user


def hold(number: int) -> None:
    """Be alone with the person until the caller's transaction ends. Raises DoesNotExist."""
    User.objects.select_for_update().get(pk=number)


def hand_over(user: User) -> None:
    """Note that the person has set a password of their own."""
    with transaction.atomic():
        row = User.objects.select_for_update().get(pk=user.pk)
        first = row.handed_over_at is None
        if first:
            row.handed_over_at = timezone.now()
            row.save(update_fields=["handed_over_at"])
        event = PasswordChanged(by=f"user.{user.pk}", handed_over=first)
        record.append(record.event(f"user.{user.pk}", event, rows=(row,)))


def rows_for(principal: Principal, reach: Reach) -> Q:
    """Which rows: for models with the fields `branch`, `region` and `begun_by`."""
    first, *more = parts_for(principal, reach)
    for each in more:
        first |= each
    return first


class Owned(Protocol):
    """A row that is somebody's."""

    @property
    def begun_by(self) -> Any: ...

    @property
    def branch(self) -> Any: ...

    @property
    def region(self) -> Any: ...


def covers(principal: Principal, reach: Reach, row: Owned) -> bool:
    """Whether the reach holds this row; as `rows_for` asks the database."""
    if reach is Reach.ALL or row.begun_by == principal.id:
        return True
    if reach is Reach.OWN or not (principal.branch or principal.region):
        return False
    if row.begun_by == APPLICANT and not row.branch and not row.region:
        return True
    if principal.branch:
        return bool(row.branch == principal.branch)
    return bool(row.region == principal.region)


def parts_for(principal: Principal, reach: Reach) -> tuple[Q, ...]:
    """The same in parts, each of which an index leads to.

    Someone of a branch sees that branch, someone of a region only that region, either of them what
    applicants sent themselves and lies nowhere, and someone of neither nothing: an empty field is
    no wildcard.
    """
    if reach is Reach.ALL:
        return (Q(),)
    own = Q(begun_by=principal.id)
    if reach is Reach.OWN or not (principal.branch or principal.region):
        return (own,)
    nowhere = Q(begun_by=APPLICANT, branch=None, region=None)
    if principal.branch:
        return own, nowhere, Q(branch=principal.branch)
    return own, nowhere, Q(region=principal.region)
