"""Jobs in, files and receipts out: what a worker does, wherever it runs.

A job is a batch of groups, each with the facts its pages are made of and what the ledger knows of
them. The worker lays the pages out, renders those whose facts or template changed, writes those
whose bytes changed, and answers with receipts. Pages themselves never travel.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import minijinja
import msgspec
from msgspec import Struct

from halles import hours, phones, prose, shelf
from halles.addresses import Ways, file_of
from halles.catalogue import same_gtin
from halles.cuts import Times, put_merchant
from halles.digest import digest
from halles.facts import Facts
from halles.model import Merchant, Product
from halles.pages import Ground, Page, PageKind
from halles.pages.shard import MANIFEST
from halles.pictures.studio import Studio
from halles.publish import Output
from halles.stock.shown import shard_of, unpack_store
from halles.text import number
from halles.theme import Theme, ThemeFault

NOTHING = b"\x90"  # an empty list, encoded


class Known(Struct, array_like=True, frozen=True):
    """What the ledger knows of a page: the digests of its template and facts, and of its bytes."""

    path: str
    inputs: bytes
    body: bytes


class Group(Struct, array_like=True):
    """The pages that one key calls for, with all they are made of."""

    kind: str
    key: str
    facts: list[tuple[str, bytes]] = []
    merchants: tuple[str, ...] = ()
    """Whose records the pages show; they travel once a job."""
    shared: tuple[str, ...] = ()
    """GTINs of these merchants that others sell too."""
    known: msgspec.Raw = msgspec.Raw(NOTHING)
    """What the ledger knows of its pages, encoded: a list of Known."""


class Job(Struct, array_like=True):
    """Some groups, and the merchants they show."""

    groups: list[Group]
    merchants: dict[str, msgspec.Raw]
    stock: dict[str, msgspec.Raw] = {}
    """What feeds said of those that take part."""


class Receipt(Struct, array_like=True, frozen=True):
    """What became of a page that was rendered: ``same`` (as its bytes were) or ``written``."""

    path: str
    what: str
    why: str


class Failed(Struct, array_like=True, frozen=True):
    """A page that could not be rendered, and the template and line that stopped it."""

    path: str
    page: str
    """The page's own template, which may include the one at fault."""
    lang: str
    template: str
    line: int
    why: str


class Done(Struct, array_like=True):
    """What became of a group: its pages now, those that failed, and paths it has no more."""

    kind: str
    key: str
    pages: bytes = b""
    """What the ledger is to know of its pages, encoded; empty where it has none."""
    looked: int = 0
    """How many pages there are; style sheets, sitemaps and the like are not counted."""
    grown: int = 0
    """How many more there are than before."""
    receipts: list[Receipt] = []
    failed: list[Failed] = []
    gone: list[str] = []


_pack = msgspec.msgpack.Encoder().encode
_unpack_job = msgspec.msgpack.Decoder(Job).decode
_unpack_done = msgspec.msgpack.Decoder(list[Done]).decode
_unpack_known = msgspec.msgpack.Decoder(list[Known]).decode
_unpack_merchant = msgspec.msgpack.Decoder(Merchant).decode


def pack_job(job: Job) -> bytes:
    """Return a job ready to travel."""
    return _pack(job)


def unpack_done(answer: bytes) -> list[Done]:
    """Return what a RenderWork answered."""
    return _unpack_done(answer)


@dataclass
class RenderWork:
    """The work of rendering and writing, a value that can travel to where it is done."""

    theme: Theme
    ways: Ways
    policy: str
    page_size: int
    times: Times
    shared: dict[str, list[tuple[str, bytes]]]
    """The facts of every page, by language."""
    output: Path
    engine: bytes
    """What stands for halles itself: its pages are its own, whatever the facts."""
    compare: bool = False
    """Whether to look at what is published where the ledger was made to forget it."""
    _tools: "_Tools | None" = field(default=None, init=False, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_tools": None}

    def __call__(self, raw: bytes) -> bytes:
        """Do one job."""
        if self._tools is None:
            self._tools = _Tools(self)
        return _pack(self._tools.do(_unpack_job(raw)))


class _Tools:
    """What a worker sets up once: environments, shared facts, the page kinds, the output."""

    def __init__(self, work: RenderWork) -> None:
        self.work = work
        site = work.output.parent
        studio = Studio(site / "content", site / ".halles" / "media", work.theme.sign)
        self.ground = Ground(work.ways, work.policy, work.page_size, studio)
        self.output = Output(work.output)
        self.kinds: dict[str, PageKind] = {
            kind.name: kind for kind in shelf.everything("halles.pages", "PAGE").values()
        }
        self.environments = {
            lang: environment(work.theme.templates[lang], lang) for lang in work.ways.languages
        }
        self.beneath = {lang: Facts() for lang in work.ways.languages}
        for lang, facts in work.shared.items():
            for name, raw in facts:
                self.beneath[lang].put_raw(name, raw)
        self.chrome = {lang: self._chrome(lang) for lang in work.ways.languages}

    def _chrome(self, lang: str) -> dict[str, str]:
        """Render what is the same on every page of a language, once: the ``chrome`` of a theme."""
        site, env = self.beneath[lang]["site"], self.environments[lang]
        try:
            parts = {
                name: env.render_template(f"_{name}.html", site=site, lang=lang)
                for name in self.work.theme.chrome
            }
        except minijinja.TemplateError as fault:
            where, line, why = fault.name or "?", fault.line or 0, fault.message
            raise ThemeFault(
                f"le gabarit {where}, ligne {line}, ne peut rien montrer : {why}",
                f"the template {where}, line {line}, cannot show anything: {why}",
            ) from None
        # See _body for the slashes: these are on every page, so they are seen to here, once.
        return {name: minijinja.safe(text.replace("&#x2f;", "/")) for name, text in parts.items()}

    def do(self, job: Job) -> list[Done]:
        """Lay out, view, render and write a whole job, one step at a time for all its pages.

        Doing all four page by page costs a fifth more: each step empties the processor's caches
        of what the others need.
        """
        drafts: list[_Draft] = []
        laid = [self._lay(group, job, drafts) for group in job.groups]
        viewed = [(d, d.page.view(d.facts.only(d.page.needs))) for d in drafts]
        drafts.clear()
        rendered = [(draft, self._body(draft, view)) for draft, view in viewed]
        viewed.clear()
        for draft, body in rendered:
            if body is not None:
                self._publish(draft, body)
        return [group.settled() for group in laid]

    def _lay(self, group: Group, job: Job, drafts: list["_Draft"]) -> "_Laid":
        """Lay out a group; what its facts call for is drafted, the rest stays as it is."""
        known = {page.path: page for page in _unpack_known(group.known)}
        laid = _Laid(Done(group.kind, group.key), before=sum(map(is_page, known)))
        own = self._facts(group, job)
        for lang in self.work.ways.languages:
            facts = own.over(self.beneath[lang])
            closures = self.work.theme.closures[lang]
            for page in self.kinds[group.kind].lay(group.key, facts, lang, self.ground):
                template = closures.get(page.template, b"\0" * 8)
                inputs = self.work.engine + template + facts.stamp(page.needs)
                before = known.pop(page.path, None)
                if why := _why(page, inputs, before):
                    drafts.append(_Draft(laid, page, facts, inputs, before, why))
                elif before is not None:
                    laid.pages.append(before)
        laid.done.gone = list(known)
        return laid

    def _facts(self, group: Group, job: Job) -> Facts:
        facts = Facts()
        for name, raw in group.facts:
            facts.put_raw(name, raw)
            if name.startswith("card:") and "" < facts[name].until < self.work.times.today:
                facts.put(f"over:{facts[name].until}", True)
        offers, work = [], self.work
        for merchant in group.merchants:
            record = _unpack_merchant(job.merchants[merchant])
            said = unpack_store(job.stock[merchant]) if merchant in job.stock else None
            gtins = frozenset(group.shared)
            if group.kind == "product":  # nothing else of theirs is on its page
                products = tuple(p for p in record.products if _is(p, group.key))
                record = msgspec.structs.replace(record, products=products)
                offers += [(merchant, p.sku) for p in products]
            put_merchant(facts, record, work.policy, gtins, work.times, said)
        if offers:
            facts.put(f"holders:{group.key}", tuple(offers))
            if len(offers) > 1 and any(m in job.stock for m in group.merchants):
                shard = shard_of(group.key, work.times.shards)
                facts.put(f"shard:{group.key}", f"p{shard}")
        return facts

    def _body(self, draft: "_Draft", view: Any) -> bytes | None:
        page = draft.page
        if not page.template:
            return bytes(view)
        try:
            text: str = self.environments[page.lang].render_template(
                page.template, chrome=self.chrome[page.lang], **view
            )
        except minijinja.TemplateError as fault:
            where, line = fault.name or "", fault.line or 0
            failed = Failed(page.path, page.template, page.lang, where, line, fault.message)
            draft.laid.done.failed.append(failed)
            draft.laid.done.gone += [page.path] if draft.known else []
            return None
        # MiniJinja writes every slash as an entity; a tenth of a page is saved by not doing so.
        # (What the content wrote as such an entity is "&amp;#x2f;" by now, and stays.)
        return text.encode().replace(b"&#x2f;", b"/")

    def _publish(self, draft: "_Draft", body: bytes) -> None:
        path, stamp = draft.page.path, digest(body)[:8]
        if draft.known is not None:
            same = draft.known.body == stamp
        else:
            same = self.work.compare and self.output.holds(file_of(path), body)
        if not same:
            named = draft.laid.done.kind != "shard" or path == MANIFEST
            put = self.output.put if named else self.output.put_unnamed
            put(file_of(path), body)
        draft.laid.pages.append(Known(path, draft.inputs, stamp))
        what = "same" if same else "written"
        draft.laid.done.receipts.append(Receipt(path, what, draft.why))


@dataclass
class _Laid:
    """A group under way: what it has of pages by now, and how many it had before."""

    done: Done
    before: int
    pages: list[Known] = field(default_factory=list)

    def settled(self) -> Done:
        """Return what became of the group, ready to travel."""
        done, pages = self.done, self.pages
        done.pages = _pack(sorted(pages, key=lambda page: page.path)) if pages else b""
        done.looked = sum(is_page(page.path) for page in pages)
        done.grown = done.looked - self.before
        return done


class _Draft(NamedTuple):
    """A page that must be rendered, and why."""

    laid: _Laid
    page: Page
    facts: Facts
    inputs: bytes
    known: Known | None
    why: str


def _is(product: Product, gtin: str) -> bool:
    return product.gtin is not None and same_gtin(product.gtin) == gtin


def is_page(path: str) -> bool:
    """Tell a page from the other files of a site."""
    return path.endswith(("/", ".html"))


def _why(page: Page, inputs: bytes, known: Known | None) -> str:
    """Return why a page must be rendered, or nothing if it need not be."""
    if known is None:
        return "new page"
    if known.inputs == inputs:
        return ""
    if known.inputs[:8] != inputs[:8]:
        return "halles itself changed"
    if known.inputs[8:16] != inputs[8:16]:
        return f"template {page.template} changed"
    if len(known.inputs) != len(inputs):
        return f"needs other facts: {_first_change(page, inputs, known) or page.needs[-1]}"
    return f"{_first_change(page, inputs, known)} changed"


def _first_change(page: Page, inputs: bytes, known: Known) -> str:
    for i, name in enumerate(page.needs, 2):
        if known.inputs[8 * i : 8 * i + 8] != inputs[8 * i : 8 * i + 8]:
            return name
    return ""


def environment(templates: dict[str, str], lang: str) -> minijinja.Environment:
    """Return an environment for one language: strict, escaping, and blind to everything else."""
    env = minijinja.Environment(
        templates=templates,
        undefined_behavior="strict",
        auto_escape_callback=lambda name: None if name.endswith(".txt") else "html",
        trim_blocks=True,
        lstrip_blocks=True,
        fuel=None,
    )
    env.add_filter("tojson", _to_json)
    env.add_filter("fill", _fill)
    env.add_filter("number", lambda value: number(int(value), lang))
    env.add_function(  # type: ignore[attr-defined]
        "one", lambda n: (n < 2) if lang == "fr" else n == 1
    )
    return env


def _to_json(value: Any) -> Any:
    """Return JSON that may stand in a script element: nothing in it can end that element."""
    text = msgspec.json.encode(value).decode()
    for char in "<>&'\u2028\u2029":
        if char in text:
            text = text.replace(char, f"\\u{ord(char):04x}")
    return minijinja.safe(text)


def _fill(text: str, **values: Any) -> str:
    """Put values where a sentence has names in braces."""
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value))
    return text


def make_ready() -> None:
    """Open what merchants' pages are made with, so that workers that are forked need not."""
    shelf.everything("halles.pages", "PAGE")
    phones.shown("418 555-0123")
    prose.html("*pain*")
    hours.week("Mo 09:00-17:00")


def kinds_using(templates: set[str]) -> Iterator[str]:
    """Yield the page kinds that use one of these templates."""
    for kind in shelf.everything("halles.pages", "PAGE").values():
        if templates & set(kind.templates):
            yield kind.name
