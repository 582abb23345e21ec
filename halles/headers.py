"""What a server says with each file: safety, and for how long a copy may be kept.

Hosts that read ``_headers`` join what several rules say, so no rule may take back another's
word. What holds everywhere stands under ``/*``; whether a page may be framed, and how long a
copy lasts, is said once for each part of the site.
"""

from collections.abc import Iterator, Sequence

from halles.addresses import SEGMENTS

POLICY = (
    "default-src 'none'; script-src 'self'{wasm}; worker-src 'self' blob:; "
    "style-src 'self'; img-src 'self' data:{tiles}; font-src 'self'; connect-src 'self'{files}; "
    "frame-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'"
)
UNFRAMED, FRAMED = "frame-ancestors 'none'", "frame-ancestors *"
OFF = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen",
    "gyroscope", "magnetometer", "microphone", "midi", "payment", "picture-in-picture",
    "publickey-credentials-get", "screen-wake-lock", "usb", "xr-spatial-tracking",
)  # fmt: skip
PERMISSIONS = ", ".join(["geolocation=(self)", *(f"{name}=()" for name in OFF)])
BRIEF = "public, max-age=300, stale-while-revalidate=86400"
FRESH = "public, max-age=60, stale-while-revalidate=300"
FOREVER = "public, max-age=31536000, immutable"
DAILY = "public, max-age=3600, stale-while-revalidate=86400"
ASKED = "no-cache"
"""Of the worker: a browser asks each time whether there is another."""
FILES = (
    "/robots.txt", "/sitemap*", "/humans.txt", "/opensearch.xml", "/en/opensearch.xml",
    "/manifest.webmanifest", "/en/manifest.webmanifest", "/.well-known/*",
)  # fmt: skip
TYPES = (
    ("/*.ics", "text/calendar; charset=utf-8"),
    ("/*.vcf", "text/vcard; charset=utf-8"),
    ("/*.geojson", "application/geo+json"),
    ("/*.webmanifest", "application/manifest+json"),
    ("/*/atom.xml", "application/atom+xml; charset=utf-8"),
    ("/*/feed.json", "application/feed+json; charset=utf-8"),
)
"""What hosts may not know by a file's name."""
OPEN = (("Access-Control-Allow-Origin", "*"),)
MOST_RULES, LONGEST = 100, 2000
"""What Cloudflare takes: rules in the file, characters in a line."""

Rule = tuple[str, tuple[tuple[str, str], ...]]


def everywhere(
    tiles: str = "", search: bool = True, files: str = ""
) -> tuple[tuple[str, str], ...]:
    """Return what is said with every file; maps come from two other origins, if they are given.

    ``search`` lets WebAssembly be compiled: the index is asked in it.
    """
    policy = POLICY.format(
        tiles=f" {tiles}" if tiles else "",
        files=f" {files}" if files else "",
        wasm=" 'wasm-unsafe-eval'" if search else "",
    )
    return (
        ("Content-Security-Policy", policy),
        ("Permissions-Policy", PERMISSIONS),
        ("Referrer-Policy", "strict-origin-when-cross-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Strict-Transport-Security", "max-age=63072000"),
        ("X-Content-Type-Options", "nosniff"),
    )


def rules(
    languages: Sequence[str],
    pages: Sequence[str],
    tiles: str = "",
    search: bool = True,
    files: str = "",
) -> Iterator[Rule]:
    """Yield the rules of ``_headers``; ``pages`` are the addresses of the content pages.

    A site with so many of them that a host would drop rules gets those that fit: a page without
    a rule of its own keeps all that is said everywhere.
    """
    framed = (("Cache-Control", BRIEF), ("Content-Security-Policy", FRAMED))
    page = (("Cache-Control", BRIEF), ("Content-Security-Policy", UNFRAMED))
    found: list[Rule] = [("/*", everywhere(tiles, search, files))]
    found += [(f"/{name}/*", (("Cache-Control", FOREVER),)) for name in ("assets", "media")]
    found += [("/stock/manifest.json", (("Cache-Control", FRESH), *OPEN))]
    found += [
        # No pattern says "all but the manifest": the first digit of a shard's number does.
        (f"/stock/{family}{digit}*", (("Cache-Control", FOREVER), *OPEN))
        for family in "mp"
        for digit in range(10)
    ]
    found += [("/points/manifest.json", (("Cache-Control", FRESH), *OPEN))]
    found += [("/points/of/*", (("Cache-Control", FOREVER), *OPEN))]
    if search:  # all but the manifest carry their digest, and stand in folders
        found += [("/pagefind/manifest.json", (("Cache-Control", FRESH),))]
        found += [(f"/pagefind/{x}/*", (("Cache-Control", FOREVER),)) for x in languages]
        found += [("/pagefind/site.*", (("Cache-Control", FOREVER),))]
    found += [("/etat.json", (("Cache-Control", FRESH), *OPEN))]
    found += [(path, (("Cache-Control", DAILY),)) for path in FILES]
    found += [("/sw.js", (("Cache-Control", ASKED),))]
    found += [(path, (("Content-Type", kind),)) for path, kind in TYPES]
    found += [("/", page), ("/404.html", page)]
    for lang in languages:
        start = "/" if lang == languages[0] else f"/{lang}/"
        if start != "/":
            found += [(start, page), (f"{start}404.html", page)]
        for section, names in SEGMENTS.items():
            more = OPEN if section in ("data", "feeds") else ()
            said = framed if section == "widget" else page
            if section == "offline":  # the page itself, and lists that carry their digest
                found.append((f"{start}{names[lang]}/", page))
                found.append((f"{start}{names[lang]}/*.json", (("Cache-Control", FOREVER),)))
            else:
                found.append((f"{start}{names[lang]}/*", (*said, *more)))
    found += [(f"{path}*", page) for path in pages]
    yield from found[:MOST_RULES]


def written(found: Iterator[Rule]) -> bytes:
    """Return rules as the file that Cloudflare and Netlify read.

    >>> written(iter([("/*", (("X-Content-Type-Options", "nosniff"),))]))
    b'/*\\n  X-Content-Type-Options: nosniff\\n'
    """
    lines = []
    for path, said in found:
        lines.append(path)
        lines += [f"  {name}: {value}" for name, value in said]
    return "\n".join([*lines, ""]).encode()
