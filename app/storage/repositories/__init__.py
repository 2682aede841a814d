"""All SQL of each aggregate, as functions on an open transaction. None of them commits."""
