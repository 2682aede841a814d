"""Measurements as ratios against a stated baseline in one run; see README.md here."""
