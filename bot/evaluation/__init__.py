"""What newsdesk eval prints: a table, a page, JSON."""
