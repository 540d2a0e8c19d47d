"""All nasty files."""

from apps.documents.tests.nasty.case import Nasty
from apps.documents.tests.nasty.markup import MARKUP
from apps.documents.tests.nasty.names import PATHS
from apps.documents.tests.nasty.packages import PACKAGES
from apps.documents.tests.nasty.pdfs import PDFS
from apps.documents.tests.nasty.pictures import PICTURES
from apps.documents.tests.nasty.polyglots import POLYGLOTS
from apps.documents.tests.nasty.texts import TEXTS

GROUPS: dict[str, tuple[Nasty, ...]] = {
    "packages": PACKAGES,
    "XML and HTML": MARKUP,
    "PDF": PDFS,
    "pictures": PICTURES,
    "texts and bytes": TEXTS,
    "polyglots": POLYGLOTS,
    "names": PATHS,
}
NASTY: tuple[Nasty, ...] = tuple(case for group in GROUPS.values() for case in group)
