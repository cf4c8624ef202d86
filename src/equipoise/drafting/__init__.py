"""A whole workspace from any table: documents drafted, everything inferred or assumed marked."""

from equipoise.drafting.documents import draft_documents, draft_workspace

__all__ = ["draft_documents", "draft_workspace"]
