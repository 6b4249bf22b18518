"""Bluetooth Low Energy sensors through bleak: found, connected, set up, kept, let go."""
