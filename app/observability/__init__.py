"""Logs and metrics, defined in one place. Neither ever carries a personal value."""
