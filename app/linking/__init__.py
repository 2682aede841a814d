"""The linker: gathers what a piece of work concerns, has the core partition it, and writes down
only what changed. What links and what a cluster is called is decided in `app.domain.linkage`.
"""
