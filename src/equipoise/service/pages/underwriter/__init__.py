"""The underwriter's pages."""
