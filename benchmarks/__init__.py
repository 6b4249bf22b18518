"""Measurements that `make accuracy`, `make bench` and `make screens` print or write down."""
