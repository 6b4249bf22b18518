"""One person's training session as it happens: from the station's events to the record."""
