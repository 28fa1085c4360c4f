"""Steps from one form of the database to the next, run by Alembic at start; each is a file in versions/."""
