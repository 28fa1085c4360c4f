"""What goes wrong with the CA."""

from gateway.store.fault import DataFault


class AuthorityError(DataFault):
    """The CA cannot be used. The message is a sentence or two: which file, what is wrong, what to do."""
