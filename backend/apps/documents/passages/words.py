"""Words of English and French questions that say little about what is asked. BM25 gives frequent words little weight
by itself, but only in long files, and a search for these alone would find passages by accident."""

from apps.documents.passages.folding import accents_removed

_FUNCTION_WORDS = """
    a about am an and any are as at be been but by can could did do does for from had has have he her his how i if in
    into is it its me my of on or our out over please should so than that the their them then there these they this
    those to up us was we were what when where which who why will with would you your
    au aux avec ce ces cette comment dans de des du elle en est et il ils je la le les leur lui ma mais mes moi mon ne
    nous ou où par pas pour pourquoi qu que quel quelle quelles quels qui quoi sa se ses son sont sur ta te tes toi ton
    tu un une vos votre vous
"""
# What one asks of a file as a whole ("list the key points of this chapter", "de quoi parle ce cours ?"). Each can be
# a subject too (a linked list, a point in geometry), so they only count as nothing when nothing else is asked.
_REQUEST_WORDS = """
    all chapter content contents describe document explain file give happens important key lecture list main make more
    most note notes overview page pages paper pdf point points say says section sections show slide slides some
    summarise summarize summary tell text topic topics write
    chapitre contenu cours dire dit donne explique expliquer faire fichier fais important importante importantes
    importants liste parle point points principal principaux résume résumé résumer sujet texte
"""
# Without accents, as many type.
FUNCTION_WORDS = frozenset(accents_removed(_FUNCTION_WORDS).split())
REQUEST_WORDS = frozenset(accents_removed(_REQUEST_WORDS).split())
