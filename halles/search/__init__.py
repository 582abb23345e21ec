"""Search: purpose-made records of merchants and products, in bundles that a browser asks for.

The only part of halles that knows Pagefind. A bundle is made again when what its records say
changed, and at no other time; it is named by its bytes, so that a page meets the old or the new.
"""
