"""The report for the referring practice, and everything as CSV."""
