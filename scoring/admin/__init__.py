"""Django's admin: accounts, roles, agencies, sets, rounds. No power over points."""

from . import agencies, criteria, people, records, rounds

__all__ = ["agencies", "criteria", "people", "records", "rounds"]
