"""The programme for one person at a time: pure functions, no files, no clock."""
