"""Order files as tables: CSV and TSV, whatever their encoding and size."""
