"""What an uploaded file is, told from its bytes: its kind, size and SHA-256.

Below the actions, since it is they that refuse a wrong file, whatever path it came by.
"""

from .inspection import Content, inspect
from .kinds import KINDS, MEDIA_TYPES
from .names import clean_name

__all__ = ["KINDS", "MEDIA_TYPES", "Content", "clean_name", "inspect"]
