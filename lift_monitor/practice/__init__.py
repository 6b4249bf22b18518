"""Simulated people who go through the programme: for tests, screens and the demo clinic."""
