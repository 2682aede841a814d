"""The pure core: values and decisions. No clock, chance, environment, logging or I/O lives here."""
