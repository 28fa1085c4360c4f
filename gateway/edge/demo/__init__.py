"""A small web site that the gateway serves to itself over HTTPS on loopback, so that anybody can try it at once."""
