"""This computer: its clock, its secrets, its files."""
