"""`tessera demo`: the main job on the sample reports, over real HTTP, in a home of its own.

Nothing that is printed is written down here: it is computed from the answers of the service, from
the sample data and from their truth.
"""
