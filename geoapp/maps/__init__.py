"""What it looks like on a map: each function adds one thing to a given Folium map."""
