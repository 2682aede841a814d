"""Keys, blind indexes, sealing and signatures: how personal values are stored and matched."""
