"""Stock: what feeds say, taken in."""
