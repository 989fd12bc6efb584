"""What every store of documents shares: kinds, schema, projection, and reads and writes of them."""
