"""What goes wrong with the CA."""


class AuthorityError(Exception):
    """The CA cannot be used. The message is a sentence or two: which file, what is wrong, what to do."""
