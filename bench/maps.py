"""Maps against their bars, and beside plain Folium on the same points.

    python bench/maps.py SITE [-n 3] [--json] [--region laurentides]

SITE is a demo that is built already, as `bench/run.py` leaves it. Bytes are those that travel,
packed with gzip; times are those of Chromium on a slow 4G line with a processor four times slower.

Plain Folium asks four other hosts for ten files and more. A server on this machine stands in for
them, over TLS and on the same slow line, with the same versions from npm: `leaflet.awesome-markers`
is 2.0.5 for 2.0.2, and two small sheets that npm has not are answered with nothing. No name is
looked up and no host is far away, which is to Folium's advantage.
"""

import argparse
import gzip
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.host import SLOW_4G, SLOWER, served, standing_in  # noqa: E402
from tests.browser.conftest import CHROMIUM, FLAGS  # noqa: E402

PEERS = {
    "/npm/leaflet@1.9.3/": ("leaflet@1.9.3", "leaflet"),
    "/npm/bootstrap@5.2.2/": ("bootstrap@5.2.2", "bootstrap"),
    "/npm/@fortawesome/fontawesome-free@6.2.0/": (
        "@fortawesome/fontawesome-free@6.2.0",
        "@fortawesome/fontawesome-free",
    ),
    "/jquery-3.7.1.min.js": ("jquery@3.7.1", "jquery/dist/jquery.min.js"),
    "/ajax/libs/Leaflet.awesome-markers/2.0.2/": (
        "leaflet.awesome-markers@2.0.5",
        "leaflet.awesome-markers/dist",
    ),
    "/ajax/libs/leaflet.markercluster/1.1.0/": (
        "leaflet.markercluster@1.1.0",
        "leaflet.markercluster/dist",
    ),
}
"""What Folium 0.20 asks others for: how the address begins, the package, where it is in it."""


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


def libraries(scratch: Path) -> dict[str, Path]:
    """Return where npm's files are that stand in for those of other hosts."""
    (scratch / "package.json").write_text("{}", "utf-8")
    packages = [package for package, _ in PEERS.values()]
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(["npm", "install", *quiet, *packages], cwd=scratch, check=True)
    return {start: scratch / "node_modules" / path for start, (_, path) in PEERS.items()}


def plain(points: list[dict[str, Any]], folder: Path, how: str) -> dict[str, float]:
    """Make the same map as Folium does it by itself."""
    import folium
    from folium.plugins import FastMarkerCluster, MarkerCluster

    start = time.process_time()
    # Without tiles, which is to its advantage; clusters then need to be told how close one can go.
    drawn = folium.Map([46.5, -74], zoom_start=8, tiles=None, maxZoom=18)
    if how == "MarkerCluster":
        cluster = MarkerCluster().add_to(drawn)
        for p in points:
            folium.Marker([p["lat"], p["lon"]], popup=p["name"], tooltip=p["name"]).add_to(cluster)
    else:
        FastMarkerCluster([[p["lat"], p["lon"]] for p in points]).add_to(drawn)
    text = drawn.get_root().render()
    took = time.process_time() - start
    folder.mkdir(parents=True)
    (folder / "index.html").write_text(text, "utf-8")
    return {"build": round(took, 2), "page": len(gzip.compress(text.encode(), 6))}


def timed(browser: Any, url: str, ready: str, tap: bool, runs: int) -> dict[str, float]:
    """Return when a page's map answers, what came, and in how many answers: the median of runs."""
    every = [_timed(browser, url, ready, tap) for _ in range(runs)]
    found = {key: median(one[key] for one in every) for key in every[0]}
    return found | {"slowest": max(one["seconds"] for one in every)}


def _timed(browser: Any, url: str, ready: str, tap: bool) -> dict[str, float]:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, ignore_https_errors=True, locale="fr-CA"
    )
    page = context.new_page()
    session = context.new_cdp_session(page)
    sent: list[float] = []
    session.on("Network.loadingFinished", lambda e: sent.append(e["encodedDataLength"]))
    session.send("Network.enable")

    def slow() -> float:
        session.send("Network.emulateNetworkConditions", SLOW_4G)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        return time.perf_counter()

    if tap:
        page.goto(url, wait_until="networkidle")
        page.locator("figure.map button[data-open]").scroll_into_view_if_needed()
        sent.clear()
        start = slow()
        page.evaluate("document.querySelector('figure.map button[data-open]').click()")
    else:
        start = slow()
        page.goto(url, wait_until="commit", timeout=120_000)
    while not page.evaluate(ready):
        page.wait_for_timeout(20)
        if time.perf_counter() - start > 60:
            sys.exit(f"no map came to {url}")
    page.evaluate("new Promise(done => setTimeout(done))")
    took = time.perf_counter() - start
    page.wait_for_load_state("networkidle")
    context.close()
    return {"seconds": round(took, 2), "bytes": round(sum(sent)), "requests": len(sent)}


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
    parser.add_argument("-n", type=int, default=3, help="runs, of which the median is shown")
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
        "!!document.querySelector('.live .disc, .live .pin') && "
        "!!document.querySelector('.is-live [data-told]').textContent"
    )
    ready = "!!document.querySelector('.marker-cluster, .leaflet-marker-icon')"
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        scratch = Path(name)
        with standing_in(libraries(scratch), scratch) as elsewhere:
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM, args=[*FLAGS, elsewhere, "--ignore-certificate-errors"]
            )
            with served(output) as base:
                url = f"{base}/regions/{given.region}/"
                found["halles"] = timed(browser, url, live, True, given.n)
                # The same from nothing: an address that names a view opens the map with its page.
                found["halles, with its page"] = timed(
                    browser, f"{url}#carte=8/46.5/-74", live, False, given.n
                )
                found["long tasks, region"] = panned(
                    browser, f"{base}/regions/montreal/#carte=10/45.53/-73.65", 390, 4
                )
                found["long tasks, explorer"] = panned(
                    browser, f"{base}/carte/#carte=9/45.6/-73.6", 1280, 4
                )
            for how in ("MarkerCluster", "FastMarkerCluster"):
                made = plain(points, scratch / how, how)
                with served(scratch / how, policy="") as base:
                    found[how] = made | timed(browser, f"{base}/", ready, False, given.n)
            browser.close()
    found["halles"]["build"] = found["halles, with its page"]["build"] = found["drawn"]["shells"]
    table(found)
    if given.json:
        results = Path(__file__).with_name("results")
        results.mkdir(exist_ok=True)
        (results / "maps.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")


def table(found: dict[str, Any]) -> None:
    """Print what was found."""
    say = sys.stdout.write
    say(f"{found['region']}: {found['points']} points\n")
    say(f"{'':24}{'build s':>9}{'KB':>9}{'requests':>10}{'interactive s':>15}{'slowest':>9}\n")
    for name in ("halles", "halles, with its page", "MarkerCluster", "FastMarkerCluster"):
        one = found[name]
        say(
            f"{name:24}{one['build']:>9}{one['bytes'] / 1e3:>9.0f}{one['requests']:>10.0f}"
            f"{one['seconds']:>15}{one['slowest']:>9}\n"
        )
    say(f"all shells, pictures, points and exports, processor: {found['drawn']}\n")
    say(f"page before the tap, HTML: {found['page'] / 1000:.1f} KB\n")
    for name in ("long tasks, region", "long tasks, explorer"):
        say(f"{name}: {found[name] or 'none'} ms\n")


if __name__ == "__main__":
    main()
