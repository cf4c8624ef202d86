"""For who connects programs: webhooks, the API's reference and its problems."""
