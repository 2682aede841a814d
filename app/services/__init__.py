"""Use cases: one file, one verb. They put domain decisions and storage together, and compute
nothing themselves. They do not call one another.
"""
