"""Sessions, known browsers and guesses, as the database may know them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class Session(models.Model):
    """A session of a browser. Its key is with the browser alone: here stand a digest of it, and
    what the session holds, sealed under a key that the same cookie gives.

    `user` is whose it is, from their password on; `logged_in` once they gave all that is asked.
    It ends at `expires_at`: when idle, and in any case some time after `begun_at`.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    id = models.CharField(max_length=60, unique=True)
    user_id: int | None
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True)
    logged_in = models.BooleanField(default=False)
    data = models.BinaryField()
    begun_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    browser = models.CharField(max_length=80, default="")
    address = models.CharField(max_length=45, default="")

    objects: ClassVar[models.Manager[Session]] = models.Manager()


class Guesses(models.Model):
    """How often somebody guessed of late, and when the next guess is answered.

    `key` is a digest of what is guessed at, or by whom; see `guesses`.
    """

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    next_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Guesses]] = models.Manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["last_at"], name="login_guesses_last")]


class Device(models.Model):
    """A browser in which somebody has logged in before. It has a cookie, of which this is a
    digest; the cookie logs nobody in."""

    digest = models.CharField(max_length=64, primary_key=True)
    user_id: int
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    seen_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Device]] = models.Manager()


class Remembered(models.Model):
    """What is remembered for a short while by all processes, such as that a code was used."""

    key = models.CharField(max_length=64, primary_key=True)
    value = models.TextField()
    expires_at = models.DateTimeField(db_index=True)

    objects: ClassVar[models.Manager[Remembered]] = models.Manager()
