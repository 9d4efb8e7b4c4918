"""What newsdesk measures of itself; run by ``make bench``. No test asserts a time."""
