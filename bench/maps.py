"""Maps against their bars, and beside plain Folium on the same points.

    python bench/maps.py SITE [--json] [--region laurentides]

SITE is a demo that is built already, as `bench/run.py` leaves it. Bytes are those that travel,
packed with gzip; times are those of Chromium on a slow 4G line with a processor four times slower.
"""

import argparse
import gzip
import json
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
SLOW_4G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_638_400 / 8,
    "uploadThroughput": 93_750,
}
CHROMIUM = "/usr/bin/chromium"


class Packed(SimpleHTTPRequestHandler):
    """A host that packs what it sends, as any does."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer with a file, packed."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        body = gzip.compress(path.read_bytes(), 6)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=60")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: object) -> None:
        """Say nothing of what is asked for."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder, and give its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Packed, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def drawn_anew(site: Path) -> dict[str, float]:
    """Return the processor's seconds that everything of maps takes from nothing."""
    from halles import ledger as kept
    from halles.feasts import almanac, window
    from halles.maps import library
    from halles.maps.drawing import ground_picture, points_picture
    from halles.maps.exports import geojson, kml
    from halles.maps.frames import frames_of
    from halles.maps.ground import grounds
    from halles.pointfiles import filed, points_of
    from halles.read.smalls import read_smalls
    from halles.settings import read_settings

    found, start = {}, time.process_time()

    def lap(name: str) -> None:
        nonlocal start
        found[name], start = round(time.process_time() - start, 2), time.process_time()

    settings = read_settings(site / "halles.toml")
    modules = Path(__file__).parents[1] / "node_modules"
    library.files(modules, settings.map)
    lap("shells")
    with kept.open_ledger(site / ".halles" / "ledger.db") as ledger:
        catalogue = read_smalls(site, settings.site.languages, ledger).catalogue
        start = time.process_time()
        frames = frames_of(catalogue.regions)
        under = grounds(frames, modules, None)
        lap("ground")
        year = almanac(*window("2026-11-25"))
        here = {region: points_of(ledger, region) for region in catalogue.regions}
        for region, points in here.items():
            filed(region, points, None, {}, year)
        lap("points")
        tree = {c.id: c.parent or "" for c in catalogue.categories.values()}
        for region, points in here.items():
            ground_picture(under[region], region)
            points_picture(frames[region], points, tree, region, "")
        lap("pictures")
        for region, points in here.items():
            geojson(points, "https://x.example/"), kml(points, "https://x.example/", region)
        lap("exports")
    found["all"] = round(sum(found.values()), 2)
    return found


def plain(points: list[dict[str, Any]], folder: Path, how: str) -> dict[str, float]:
    """Make the same map as Folium does it by itself; its scripts come from this machine."""
    import folium
    from folium.plugins import FastMarkerCluster, MarkerCluster

    root = Path(__file__).parents[1] / "node_modules"
    start = time.process_time()
    drawn = folium.Map([46.5, -74], zoom_start=8, tiles=None)
    if how == "MarkerCluster":
        cluster = MarkerCluster().add_to(drawn)
        for p in points:
            folium.Marker([p["lat"], p["lon"]], popup=p["name"], tooltip=p["name"]).add_to(cluster)
    else:
        FastMarkerCluster([[p["lat"], p["lon"]] for p in points]).add_to(drawn)
    text = drawn.get_root().render()
    took = time.process_time() - start
    folder.mkdir(parents=True, exist_ok=True)
    import re

    # Its own addresses are elsewhere: those that it cannot do without are served beside it, the
    # others are left out, which is to its advantage.
    names = {"leaflet.js": "leaflet/dist/leaflet.js", "leaflet.css": "leaflet/dist/leaflet.css",
             "leaflet.markercluster.js":
                 "leaflet.markercluster/dist/leaflet.markercluster.js"}  # fmt: skip
    for name, path in names.items():
        (folder / name).write_bytes((root / path).read_bytes())
    # It makes each popup with jQuery: one line does here what it asks of those 30 KB.
    stub = "var $=h=>{var d=document.createElement('div');d.innerHTML=h;return d.children}"
    text = text.replace("<script>", f"<script>{stub}</script><script>", 1)
    text = re.sub(r'(src|href)="https://[^"]*/([\w.-]+)"',
                  lambda m: f'{m[1]}="{m[2] if m[2] in names else "data:,"}"', text)  # fmt: skip
    (folder / "index.html").write_text(text, "utf-8")
    sent = sum(len(gzip.compress(f.read_bytes(), 6)) for f in folder.iterdir())
    return {"build": round(took, 2), "bytes": sent}


def timed(browser: Any, url: str, ready: str, tap: bool) -> dict[str, float]:
    """Open a page on a slow line, tap its map, and return when it answers and what came."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    session = context.new_cdp_session(page)
    sent = {"n": 0.0}
    session.on(
        "Network.loadingFinished", lambda e: sent.update(n=sent["n"] + e["encodedDataLength"])
    )
    session.send("Network.enable")
    start = time.perf_counter()
    if not tap:
        session.send("Network.emulateNetworkConditions", SLOW_4G)
        session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(url, wait_until="load" if tap else "commit", timeout=120_000)
    before = sent["n"]
    if tap:
        page.locator("figure.map button[data-open]").scroll_into_view_if_needed()
        page.wait_for_timeout(500)
        before = sent["n"]
        session.send("Network.emulateNetworkConditions", SLOW_4G)
        session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        start = time.perf_counter()
        page.evaluate("document.querySelector('figure.map button[data-open]').click()")
    while not page.evaluate(ready):
        page.wait_for_timeout(20)
        if time.perf_counter() - start > 120:
            break
    page.evaluate("new Promise(done => setTimeout(done))")
    took = time.perf_counter() - start
    context.close()
    return {"seconds": round(took, 2), "before": round(before), "after": round(sent["n"] - before)}


PAN = """async () => {
  const long = [];
  const note = list => long.push(...list.getEntries().map(e => Math.round(e.duration)));
  new PerformanceObserver(note).observe({ type: 'longtask' });
  const box = document.querySelector('.live').getBoundingClientRect();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const at = document.elementFromPoint(x, y) ?? document.querySelector('.live');
  const send = (type, dx, dy) => at.dispatchEvent(new MouseEvent(type, {
    bubbles: true, clientX: x + dx, clientY: y + dy, button: 0, buttons: 1,
  }));
  for (let turn = 0; turn < 6; turn += 1) {
    send('mousedown', 0, 0);
    for (let i = 1; i <= 12; i += 1) {
      send('mousemove', (turn % 2 ? -12 : 12) * i, 6 * i);
      await new Promise(requestAnimationFrame);
    }
    send('mouseup', (turn % 2 ? -144 : 144), 72);
    await new Promise(done => setTimeout(done, 500));
  }
  return long;
}"""


def panned(browser: Any, url: str, width: int, rate: int) -> list[int]:
    """Return the long tasks, in milliseconds, while a map is moved about."""
    context = browser.new_context(viewport={"width": width, "height": 844})
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector(".is-live .disc, .is-live .pin")
    page.wait_for_timeout(2500)
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": rate})
    found: list[int] = page.evaluate(PAN)
    context.close()
    return found


def main() -> None:
    """Measure, print a table, and write JSON if asked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("site", type=Path)
    parser.add_argument("--region", default="laurentides")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    from playwright.sync_api import sync_playwright

    output = given.site / "output"
    features = json.loads((output / "carte" / f"{given.region}.geojson").read_bytes())["features"]
    points = [
        {
            "lat": f["geometry"]["coordinates"][1],
            "lon": f["geometry"]["coordinates"][0],
            "name": f["properties"]["name"],
        }
        for f in features
    ]
    found: dict[str, Any] = {"region": given.region, "points": len(points)}
    page = output / "regions" / given.region / "index.html"
    found["drawn"] = drawn_anew(given.site)
    found["page"] = len(gzip.compress(page.read_bytes(), 9))
    live = (
        "!!document.querySelector('.is-live .disc, .is-live .pin') && "
        "!!document.querySelector('.is-live [data-told]').textContent"
    )
    ready = "!!document.querySelector('.marker-cluster, .leaflet-marker-icon')"
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as scratch:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        with served(output) as base:
            found["halles"] = timed(browser, f"{base}/regions/{given.region}/", live, tap=True)
            found["long tasks, region"] = panned(
                browser, f"{base}/regions/montreal/#carte=10/45.53/-73.65", 390, 4
            )
            found["long tasks, explorer"] = panned(
                browser, f"{base}/carte/#carte=9/45.6/-73.6", 1280, 4
            )
        for how in ("MarkerCluster", "FastMarkerCluster"):
            folder = Path(scratch) / how
            made = plain(points, folder, how)
            with served(folder) as base:
                found[how] = made | timed(browser, f"{base}/", ready, tap=False)
        browser.close()
    table(found)
    if given.json:
        results = Path(__file__).with_name("results")
        results.mkdir(exist_ok=True)
        (results / "maps.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")


def table(found: dict[str, Any]) -> None:
    """Print what was found."""
    halles, drawn = found["halles"], found["drawn"]
    say = sys.stdout.write
    say(f"{found['region']}: {found['points']} points\n")
    say(f"{'':20}{'build s':>10}{'KB':>10}{'interactive s':>16}\n")
    say(
        f"{'halles':20}{drawn['shells']:>10}{halles['after'] / 1e3:>10.0f}{halles['seconds']:>16}\n"
    )
    for how in ("MarkerCluster", "FastMarkerCluster"):
        one = found[how]
        say(f"{how:20}{one['build']:>10}{one['bytes'] / 1000:>10.0f}{one['seconds']:>16}\n")
    say(f"all shells, pictures, points and exports, processor: {drawn}\n")
    say(f"page before the tap, HTML: {found['page'] / 1000:.1f} KB\n")
    for name in ("long tasks, region", "long tasks, explorer"):
        say(f"{name}: {found[name] or 'none'} ms\n")


if __name__ == "__main__":
    main()
