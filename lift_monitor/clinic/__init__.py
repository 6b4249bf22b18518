"""The clinic's records: people, plans, sessions, outcomes, and who did what. SQL stays in here."""
