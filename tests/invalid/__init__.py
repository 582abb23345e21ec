"""The smallest broken example of every rule."""
