"""People and one person: the pages before and after a session."""
