"""Where changes become durable: ledger, layers, private data and their files."""
