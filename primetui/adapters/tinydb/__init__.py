"""The document store: TinyDB's face over SQLite rows."""
