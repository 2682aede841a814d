"""PostgreSQL: the schema, the sessions and all SQL. Rows go in, domain values come out."""
