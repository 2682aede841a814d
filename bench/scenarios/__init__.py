"""Invented reports with known truth, of any size, from a seed; see README.md here."""

from bench.scenarios.flow import Made, generate, scenario

__all__ = ["Made", "generate", "scenario"]
