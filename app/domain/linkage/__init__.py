"""Record linkage: which reports speak of the same thing, and why. Pure decisions only."""
