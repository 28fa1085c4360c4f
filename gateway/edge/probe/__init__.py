"""The gateway's own visits to sites: it reads a host's labels where no client's page has to be opened."""
