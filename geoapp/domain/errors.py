"""Everything that can go wrong, in the words of the domain."""


class GeoappError(Exception):
    """Base of every error whose sentence may be shown to a person.

    sentence: English, with the names of the values in braces, so that it can be told in another language too.
    """

    def __init__(self, sentence: str, /, **values: object) -> None:
        super().__init__(sentence.format(**values) if values else sentence)
        self.sentence = sentence
        self.values = values


# --- what people and files bring ---------------------------------------------------------------


class BadInput(GeoappError, ValueError):
    """A value from outside cannot be read."""


class UnknownParameter(BadInput):
    """A parameter has no such name, or no such value."""


class NotFound(GeoappError, LookupError):
    """Nothing of this layer has this id."""


class InvalidTransition(GeoappError, ValueError):
    """The problem may not move to this status."""


class InvalidGeometry(GeoappError, ValueError):
    """An area or line cannot be used as it is."""


class NotMetric(GeoappError, ValueError):
    """The layer is not in a coordinate reference system measured in metres."""


class NotAllowed(GeoappError, PermissionError):
    """This person may not see or do this."""


class PortTaken(GeoappError, OSError):
    """Another program listens where this one was to listen."""


class PlanningFailed(GeoappError):
    """A plan was not made, for a reason that is not the asker's."""


class NotADemo(GeoappError):
    """Only a demo may be given synthetic data."""


# --- storage -----------------------------------------------------------------------------------


class Conflict(GeoappError):
    """Somebody changed the same thing in the meantime."""


class LedgerBusy(GeoappError):
    """Another process kept the ledger to itself for too long."""


class StorageFull(GeoappError, OSError):
    """There is no room left to keep a change."""


class StorageFailed(GeoappError, OSError):
    """The disk failed, for another reason than being full, to keep a change."""


class LedgerDamaged(GeoappError):
    """The ledger does not read as it was written."""


class NewerSchema(GeoappError):
    """A newer geoapp has written these files."""


class NetworkFileSystem(GeoappError):
    """The instance folder lies where locks cannot be trusted."""


class InstanceExists(GeoappError):
    """There is a district in this folder already."""


class NoInstance(GeoappError):
    """There is no district in this folder yet."""


class BackupDamaged(GeoappError):
    """The backup does not read as it was written."""
