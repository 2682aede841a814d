"""The way in: a draft becomes a sealed record with its blind indexes, ready to be stored."""
