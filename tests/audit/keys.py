"""Each interactive thing of a page, reached and worked by the keyboard alone."""

import json
from collections.abc import Iterable
from typing import Any

from tests.audit.browser import PHONE
from tests.audit.sheets import Sheet

STOPS = """() => {
  const all = document.querySelectorAll(
    'a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex="-1"])');
  const seen = e => e.checkVisibility({ checkVisibilityCSS: true, contentVisibilityAuto: true })
    && !e.disabled && e.tabIndex >= 0;
  const wanted = [...all].filter(seen);
  wanted.forEach((e, i) => { e.dataset.stop = i; });
  document.activeElement.blur();
  window.scrollTo(0, 0);
  return wanted.length;
}"""
WHERE = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const box = e.getBoundingClientRect(), style = getComputedStyle(e);
  const label = e.closest('label') ?? e, ring = [style, getComputedStyle(label)].some(
    s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0);
  const on = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight
    && box.right > 0 && box.left < innerWidth;
  const line = e.getClientRects()[0] ?? box;  // a link may go on on another line
  const at = document.elementFromPoint(
    Math.min(Math.max(line.left + line.width / 2, 0), innerWidth - 1),
    Math.min(Math.max(line.top + Math.min(line.height, innerHeight) / 2, 0), innerHeight - 1));
  const bare = !at || e.contains(at) || at.contains(e) || e.closest('label')?.contains(at);
  return { stop: Number(e.dataset.stop ?? -1), ring, on, bare, html: e.outerHTML.slice(0, 90) };
}"""
BUTTON = ".add button"


def unreached(browser: Any, base: str, sheets: Iterable[Sheet]) -> list[str]:
    """Return what Tab does not reach in its turn, does not show, or shows behind something else."""
    page = browser.new_page(viewport=PHONE)
    found = []
    for sheet in sheets:
        page.goto(base + sheet.path)
        page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
        wanted = page.evaluate(STOPS)
        stops: list[int] = []
        for _ in range(wanted + 20):
            page.keyboard.press("Tab")
            here = page.evaluate(WHERE)
            if here is None or here["stop"] in stops:
                break
            if here["stop"] >= 0:  # a script may add others on the way
                stops.append(here["stop"])
            wrong = [name for name in ("ring", "on", "bare") if not here[name]]
            if wrong and here["stop"] >= 0:
                found.append(f"{sheet.path}: {', no '.join(['', *wrong])[2:]}: {here['html']}")
        if stops != list(range(wanted)):
            lost = sorted(set(range(wanted)) - set(stops))
            found.append(f"{sheet.path}: {len(stops)} of {wanted} stops, not {lost[:5]}")
    page.close()
    return found


def unworked(browser: Any, base: str, sheets: Iterable[Sheet]) -> list[str]:
    """Return what the keys do not work: the skip link, details, list buttons, the reader's pages."""
    found: list[str] = []
    context = browser.new_context(viewport=PHONE, accept_downloads=True)
    context.set_default_timeout(8000)
    page = context.new_page()

    def must(what: str, holds: object) -> None:
        if not holds:
            found.append(f"{page.url.removeprefix(base)}: {what}")

    pages = {sheet.kind: sheet for sheet in sheets if sheet.lang == "fr"}
    for sheet in pages.values():
        page.goto(base + sheet.path)
        if page.locator("a.skip").count():
            page.keyboard.press("Tab")
            page.keyboard.press("Enter")
            page.keyboard.press("Tab")
            must("the skip link leads into the content", _inside(page, "main, footer"))
        for details in page.locator("details").all():
            if not details.is_visible():  # filters, before there is anything to filter
                continue
            opened = details.evaluate("d => d.open")
            details.locator("summary").first.focus()
            page.keyboard.press("Enter")
            must("Enter turns its details", opened != details.evaluate("d => d.open"))
            page.keyboard.press("Space")
            must("Space turns them back", opened == details.evaluate("d => d.open"))
        for pre in page.locator("details pre[tabindex='0']").all():
            pre.evaluate("p => { p.closest('details').open = true }")
            pre.focus()
            page.keyboard.press("Control+a")
            must("a snippet can be selected", page.evaluate("String(getSelection()).length"))
    for kind in ("merchant", "product"):
        if kind in pages:
            page.goto(base + pages[kind].path)
            _list_button(page, must)
    if "list" in pages:
        page.goto(base + pages["list"].path)
        _list(page, must)
    if "choices" in pages:
        page.goto(base + pages["choices"].path)
        _choices(page, must)
    context.close()
    return found


def _inside(page: Any, selector: str) -> Any:
    script = "s => Boolean(document.activeElement.closest(s))"
    return page.evaluate(script, selector)


def _comes(page: Any, holds: str) -> bool:
    """Wait a while until something holds; the page's own policy forbids to let it wait by itself."""
    for _ in range(160):
        if page.evaluate(holds):
            return True
        page.wait_for_timeout(50)
    return False


def _list_button(page: Any, must: Any) -> None:
    if not page.locator(BUTTON).count():
        return
    button = page.locator(BUTTON).first
    before = button.get_attribute("aria-label")  # what it is called: it may show a sign only
    said = "document.querySelector('.add button').ariaLabel"
    button.focus()
    page.keyboard.press("Enter")
    must("Enter puts on the list", _comes(page, f"{said} !== {json.dumps(before)}"))
    must("it is said aloud", _comes(page, "document.querySelector('#choices-news').textContent"))
    must("the focus stays", _inside(page, BUTTON))
    page.keyboard.press("Space")
    must("Space takes it off again", _comes(page, f"{said} === {json.dumps(before)}"))
    page.keyboard.press("Enter")


def _list(page: Any, must: Any) -> None:
    rows = page.locator(".errand li")
    if not rows.count():
        return
    tick = rows.first.locator("[data-tick]")
    tick.focus()
    page.keyboard.press("Space")
    must("Space ticks", page.locator(".errand li [data-tick]").first.is_checked())
    number = rows.first.locator("[data-n]")
    if number.is_visible():  # a shop to pass by is not counted
        number.focus()
        page.keyboard.press("ArrowUp")
        must("an arrow adds one", page.locator(".errand li [data-n]").first.input_value() == "2")
    count = rows.count()
    page.locator(".errand li [data-remove]").first.focus()
    page.keyboard.press("Enter")
    must("Enter takes off", page.locator(".errand li").count() == count - 1)
    must("the focus is not lost", page.evaluate("document.activeElement !== document.body"))
    page.locator("button[data-do=undo]").focus()
    page.keyboard.press("Enter")
    must("Enter takes it back", page.locator(".errand li").count() == count)
    page.locator("button[data-do=json]").focus()
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    must("Enter exports", download.value.suggested_filename.endswith(".json"))


def _choices(page: Any, must: Any) -> None:
    page.locator("select[data-home]").focus()
    page.keyboard.press("ArrowDown")
    must("an arrow chooses a region", page.locator("select[data-home]").input_value())
    page.locator("input[data-seen]").focus()
    page.keyboard.press("Space")
    must("Space remembers what was seen", page.locator("input[data-seen]").is_checked())
    page.locator("button[data-export]").focus()
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    must("Enter exports", download.value.suggested_filename.endswith(".json"))
    if page.locator("select[data-pack]").count():
        page.locator("select[data-pack]").evaluate(
            "s => { s.value = [...s.options].sort((a, b) => a.dataset.bytes - b.dataset.bytes)[0]"
            ".value; s.dispatchEvent(new Event('change')) }"
        )
        page.locator("button[data-fetch]").focus()
        page.keyboard.press("Enter")
        there = "document.querySelector('p[data-there]').textContent.trim()"
        must("Enter fetches a pack", _comes(page, there))
        page.locator("button[data-drop]").focus()
        page.keyboard.press("Enter")
        gone = "document.querySelector('button[data-drop]').hidden"
        must("Enter drops the pack", _comes(page, gone))
        page.wait_for_timeout(100)
        must("the focus is not lost", page.evaluate("document.activeElement !== document.body"))
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("button[data-wipe]").focus()
    page.keyboard.press("Enter")
    must("Enter wipes", _comes(page, "!localStorage.getItem('halles')"))
    must("it says so", _comes(page, "document.querySelector('p[data-told]').textContent"))
