"""Measurements that `make accuracy` and `make bench` print or write down."""
