"""What an archive may hold that somebody imports, and how long things are kept that nobody asks for any more."""

from lamla.settings.base import env

ARCHIVE_MAX_BYTES = env.integer("ARCHIVE_MAX_BYTES", 256 * 2**20, at_least=1024)
ARCHIVE_MAX_UNPACKED_BYTES = env.integer("ARCHIVE_MAX_UNPACKED_BYTES", 500 * 2**20, at_least=1024)
# The largest document, DOCUMENT_MAX_CHARACTERS of six bytes as JSON may write them, must fit.
ARCHIVE_ENTRY_MAX_BYTES = env.integer("ARCHIVE_ENTRY_MAX_BYTES", 32 * 2**20, at_least=1024)
ARCHIVE_MAX_ENTRIES = env.integer("ARCHIVE_MAX_ENTRIES", 20_000, at_least=1)
# Rows of one import, in one transaction: on SQLite nobody else writes meanwhile, and waits for 10 s at most.
ARCHIVE_MAX_RECORDS = env.integer("ARCHIVE_MAX_RECORDS", 25_000, at_least=1)

DELETED_KEEP_HOURS = env.integer("DELETED_KEEP_HOURS", 24, at_least=0)
GUEST_KEEP_DAYS = env.integer("GUEST_KEEP_DAYS", 90, at_least=1)
EXPIRED_KEEP_DAYS = env.integer("EXPIRED_KEEP_DAYS", 30, at_least=0)
PURGE_INTERVAL_SECONDS = env.seconds("PURGE_INTERVAL_SECONDS", 3600)
