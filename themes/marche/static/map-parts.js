/* Where Leaflet and the shells stand: halles/maps/library.py writes this anew where there are live maps. */
export const parts = null;
