"""HTTP: parse, authorise, call one use case, present."""
