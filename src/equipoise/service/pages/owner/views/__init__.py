"""The service owner's pages."""
