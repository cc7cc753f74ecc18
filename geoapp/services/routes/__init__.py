"""Inspection routes: plans, their check, what they say of themselves, and what a team takes along."""
