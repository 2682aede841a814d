"""The protocol's code lists for others: as tables, as a MISP taxonomy, mapped to standards."""
