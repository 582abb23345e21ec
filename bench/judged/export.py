"""The records that halles indexes, for another engine to index the same."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from halles import ledger as kept
from halles.read.smalls import Smalls
from halles.search.records import Bearing, terms_of
from halles.search.texts import index_copy
from halles.search.whose import GTIN, records_of, whose
from halles.site import engine


def lines(root: Path) -> Iterator[dict[str, Any]]:
    """Yield every record of a site that has been built."""
    with kept.look_into(root / ".halles" / "ledger.db", engine()) as ledger:
        assert ledger is not None, "build the site first"
        smalls = msgspec.msgpack.decode((kept.recall(ledger, "smalls") or b"")[16:], type=Smalls)
        day = (kept.recall(ledger, "day") or b"").decode()
        languages = ("fr", "en")
        terms = {lang: terms_of(smalls.catalogue, lang) for lang in languages}
        whos = [who for (who,) in ledger.execute("select distinct who from sought order by who")]
        merchants = [who for who in whos if not who.startswith(GTIN)]
        gtins = [who.removeprefix(GTIN) for who in whos if who.startswith(GTIN)]
        found = whose(ledger, merchants, gtins, "all")
        for _, cells in records_of(found, Bearing(languages, "all", day, terms)):
            for of in cells.values():
                for lang, some in of.items():
                    for one in some:
                        yield {
                            "lang": lang, "url": one.url, "title": one.title,
                            "content": index_copy(one.content),
                        }  # fmt: skip
