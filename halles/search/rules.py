"""What can keep a site from being searched; it is built all the same."""

from collections.abc import Iterator, Sequence

from halles.notices import Notice, Rule, Words
from halles.search.bundle import Made

_ABOUT = "halles.toml"
MISSING = Rule(
    code="search-missing",
    severity="warning",
    says=Words(
        "l'indexeur Pagefind n'est pas installé : le site est construit sans recherche.",
        "the indexer Pagefind is not installed: the site is built without search.",
    ),
    hint=Words(
        "Lancez « npm ci --omit=dev » (Node 20), ou écrivez on = false sous [search].",
        "Run “npm ci --omit=dev” (Node 20), or write on = false under [search].",
    ),
    about=Words(
        "L'indexeur de la recherche manque sur cette machine.",
        "The search indexer is missing on this machine.",
    ),
)
LATE = Rule(
    code="search-late",
    severity="warning",
    says=Words(
        "l'indexeur ne répond plus pour {given} : ce lot manque à la recherche.",
        "the indexer does not answer for {given}: search lacks this bundle.",
    ),
    hint=Words(
        "Relancez ; si cela revient, regardez le disque et la mémoire de la machine.",
        "Build again; if it comes back, look at the machine's disk and memory.",
    ),
    about=Words("L'indexeur dépasse son temps.", "The indexer takes longer than it may."),
)
ROOM = Rule(
    code="search-no-room",
    severity="warning",
    says=Words(
        "le disque est trop plein pour indexer {given} : ce lot manque à la recherche.",
        "the disk is too full to index {given}: search lacks this bundle.",
    ),
    hint=Words("Faites de la place, puis relancez.", "Make room, then build again."),
    about=Words("Le disque est trop plein pour indexer.", "The disk is too full for an index."),
)
FAILED = Rule(
    code="search-failed",
    severity="warning",
    says=Words(
        "l'indexeur s'est interrompu pour {given} ({why}) : ce lot manque à la recherche.",
        "the indexer broke off for {given} ({why}): search lacks this bundle.",
    ),
    hint=Words(
        "Relancez ; si cela revient, réinstallez-le avec « npm ci --omit=dev ».",
        "Build again; if it comes back, install it anew with “npm ci --omit=dev”.",
    ),
    about=Words("L'indexeur s'interrompt.", "The indexer breaks off."),
)
RULES = (MISSING, LATE, ROOM, FAILED)
_BY_CODE = {"late": LATE, "room": ROOM, "failed": FAILED}


def missing() -> Notice:
    """Return the notice that there is no indexer."""
    return MISSING.at(_ABOUT, (0, 0))


def failures(failed: Sequence[Made]) -> Iterator[Notice]:
    """Yield a notice for each bundle that could not be made."""
    for made in failed:
        name = f"{made.lang}/{made.name}".strip("/")
        given = {"given": name, "why": made.said or "?"}
        yield _BY_CODE[made.failed].at(_ABOUT, (0, 0), **given)
