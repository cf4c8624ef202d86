"""For auditors and risk officers: any past decision, any application's history, the record's own
health, and who looked at what."""
