"""The keeper: the one process that has what exists once, beside any number of workers.

The database, the journal's writer, minutes, grants, visits to hosts, fetching and compiling of lists, the control API,
the demo site, and the policy's files, of which it hands every worker the same edition.
"""
