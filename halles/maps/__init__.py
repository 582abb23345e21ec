"""Maps: a picture of each region, drawn at build, and the live map that takes its place if asked.

``frames`` says what part of the earth a picture shows, ``ground`` what lies there, ``drawing`` and
``exports`` make the files. ``shells`` alone imports Folium, and only when a live map's script must
be drawn; ``library`` takes Leaflet from npm.
"""
