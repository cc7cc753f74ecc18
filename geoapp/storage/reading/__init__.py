"""Reading people's files: hostile until read, record by record, in any of the formats that offices have."""
