"""Emulated Bluetooth sensors: what each family answers and sends, with faults on demand."""
