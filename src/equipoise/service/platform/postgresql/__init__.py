"""Django's PostgreSQL, which does not wait for ever while a request is answered."""
