"""A console that ships Amazon merchant-fulfilled Prime orders on time and buys no label twice."""

__version__ = "0.1.0"
