"""Background work: linking the queue, keeping signing keys fresh. Any number may run."""
