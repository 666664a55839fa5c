"""Telling people: e-mails and webhooks about what is new or rising, and about runs that failed."""
