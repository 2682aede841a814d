"""The schema's history. Run with `tessera db upgrade`."""
