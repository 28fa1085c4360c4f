"""What the workers and the keeper say to each other, on a Unix socket that the supervisor keeps open."""
