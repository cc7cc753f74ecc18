"""Long work beside the requests: one piece at a time, and a clean stop waits for it."""

import threading
from collections.abc import Callable


class Jobs:
    """The long work of one opened district."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._threads: set[threading.Thread] = set()
        self._stopping = threading.Event()
        self._at_close: list[Callable[[], None]] = []

    @property
    def stopping(self) -> bool:
        """Whether everything is to end soon: work that looks at this from time to time gives up."""
        return self._stopping.is_set()

    def begin(self, name: str, work: Callable[[], None]) -> None:
        """Run `work` as soon as its turn comes; it must not raise. After a stop nothing begins any more."""
        thread = threading.Thread(target=self._run, args=(work,), name=name, daemon=True)
        self._threads = {one for one in self._threads if one.is_alive()} | {thread}
        thread.start()

    def at_close(self, end: Callable[[], None]) -> None:
        """Have something ended at a stop, before what is under way is waited for."""
        self._at_close.append(end)

    def close(self) -> None:
        """Let what is under way come to its end; nothing else begins."""
        self._stopping.set()
        for end in self._at_close:
            end()
        for thread in list(self._threads):
            if thread.ident is not None:
                thread.join()

    def _run(self, work: Callable[[], None]) -> None:
        with self._turn:
            if not self.stopping:
                work()
