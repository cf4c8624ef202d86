"""The Django project: settings, every address, the API put together, and its description."""
