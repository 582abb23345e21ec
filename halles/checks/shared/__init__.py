"""Rules that only several merchants together can break: one family a file."""
