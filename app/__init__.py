"""Tessera: fragments of possible trafficking in human beings, linked into explained case leads."""

__version__ = "0.1.0"
