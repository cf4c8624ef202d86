"""Reviews as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """Has others' systems told that a person is asked for, and what became of it."""

    name = "equipoise.service.contexts.reviews"
    label = "reviews"

    def ready(self) -> None:
        from equipoise.service.contexts.reviews.events import ReviewAsked, ReviewSettled
        from equipoise.service.contexts.reviews.models import Review
        from equipoise.service.platform.accounts.permissions import Action
        from equipoise.service.platform.webhooks.public import make_public

        make_public("review.asked", Action.READ_DECISIONS, ReviewAsked, rows=Review)
        make_public("review.settled", Action.READ_DECISIONS, ReviewSettled, rows=Review)
