"""What the end of a name says of a feed: its form, and whether it is packed."""

_FORMS = {form: form for form in ("csv", "tsv", "txt", "jsonl", "parquet")}
_ENDINGS = _FORMS | {"ndjson": "jsonl", "tab": "tsv"}
_PACKED = ("gz", "gzip", "zst", "zstd")


def form_named(name: str) -> str:
    """Return the form that the end of a name says, packed or not; empty if it says none.

    >>> form_named("stock.csv.gz"), form_named("jsonl+zst"), form_named("Parquet"), form_named("")
    ('csv', 'jsonl', 'parquet', '')
    """
    endings = name.lower().replace("+", ".").split(".")
    if endings[-1] in _PACKED:
        endings.pop()
    return _ENDINGS.get(endings[-1], "") if endings else ""
