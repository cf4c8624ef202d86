"""The pages that everybody has."""
