"""What reading one file may take, and how much of it is taken."""

from lamla.settings.base import env

# Of processor: a whole file, but for its OCR; pages in a row that give no text.
EXTRACTION_TIMEOUT_SECONDS = env.seconds("EXTRACTION_TIMEOUT_SECONDS", 60)
EXTRACTION_PAGE_SECONDS = env.seconds("EXTRACTION_PAGE_SECONDS", 6)
EXTRACTION_MEMORY_MB = env.integer("EXTRACTION_MEMORY_MB", 1024, at_least=128)
EXTRACTION_CONCURRENCY = env.integer("EXTRACTION_CONCURRENCY", 2, at_least=1)
OCR_LANGUAGES = env.text("OCR_LANGUAGES", "eng+fra")
OCR_PAGE_SECONDS = env.seconds("OCR_PAGE_SECONDS", 10)  # of processor
OCR_MAX_PAGES = env.integer("OCR_MAX_PAGES", 500, at_least=1)
DOCUMENT_MAX_PAGES = env.integer("DOCUMENT_MAX_PAGES", 2000, at_least=1)
DOCUMENT_MAX_CHARACTERS = env.integer("DOCUMENT_MAX_CHARACTERS", 5_000_000, at_least=1000)
