"""Where the token of the control API lies; apart, because who only names it needs no database."""

from typing import Final

TOKEN_FILE: Final = "admin-token"  # noqa: S105 - a file name, in the data directory
