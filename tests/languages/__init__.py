"""The two languages of a site, held against each other."""
