"""Qorgan: a filtering gateway that reads the age labels of pages and applies the law to each person by age."""

__version__ = "0.1.0"
