"""Files in: content, other people's data; records and notices out."""
