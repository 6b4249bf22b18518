"""Setting up a lifter's sensors: find, assign, connect, check; then begin a session."""
