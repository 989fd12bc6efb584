"""The second store of documents: PostgreSQL, for several machines at once."""
