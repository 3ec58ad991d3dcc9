"""Bytes to values and back; the only package that imports pycrdt."""
