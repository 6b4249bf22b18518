"""Migrations: one file a schema, run by :mod:`lift_monitor.clinic.migrate`, never by hand."""
