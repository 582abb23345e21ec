"""The audit: what a site weighs against the bars of the project, by tools that are not ours.

``make audit`` measures the example site in real Chromium, and prints one table.
"""
