"""By which rules passages are cut and their terms made; raised with them, so that what is stored is made anew."""

INDEX_VERSION = 1
