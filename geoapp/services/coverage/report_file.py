"""The report of coverage as a document, for whoever puts its words together."""

from geoapp.documents.coverage_report import CoverageReport, Section, coverage_report

__all__ = ["CoverageReport", "Section", "coverage_report"]
