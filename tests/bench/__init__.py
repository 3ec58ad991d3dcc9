"""Measurements, as ratios and medians; nothing here is asserted by `make test`."""
