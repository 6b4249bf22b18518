"""A session of the programme on the live screen: the day, the rest, the proposals, the end."""
