"""What went wrong with something that is kept, as a sentence for the person who runs the gateway."""


class DataFault(Exception):  # noqa: N818 - named like Reason.FAULT: the gateway itself failed
    """Something in the data directory cannot be used. The text names it and says what to do."""


class StoreFault(DataFault):
    """The database cannot be used."""


def cause_of(fault: Exception) -> str:
    """What the database said, on one line, without the statement and its values: they are nobody's business."""
    cause = getattr(fault, "orig", None) or fault  # what the driver said (sqlalchemy.exc.DBAPIError)
    return str(cause).strip().partition("\n")[0]
