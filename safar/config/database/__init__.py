"""Django's PostgreSQL, told only at its first connection where the server is (see ``base``)."""
