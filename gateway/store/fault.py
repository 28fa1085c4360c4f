"""What went wrong with something that is kept, as a sentence for the person who runs the gateway."""

from sqlalchemy.exc import DBAPIError


class StoreFault(Exception):  # noqa: N818 - named like Reason.FAULT: the gateway itself failed
    """The database or a file of the data directory cannot be used. The text names it and says what to do."""


def cause_of(fault: Exception) -> str:
    """What the database said, on one line, without the statement and its values: they are nobody's business."""
    cause = fault.orig if isinstance(fault, DBAPIError) else fault
    return str(cause).strip().partition("\n")[0]
