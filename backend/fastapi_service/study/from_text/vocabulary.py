"""English words by what they tell about a sentence; there is no tagger here, and none is needed for this."""

from fastapi_service.study.folding import word_set

# A sentence that begins like this leans on the one before it.
LEANING_STARTS = word_set(
    "it its this these they their them that those such he she his her here there another both however therefore thus "
    "hence but and or so then yet nor also instead otherwise again now we our you your i my let one some others "
    "conversely similarly likewise moreover furthermore consequently meanwhile nevertheless nonetheless accordingly "
    "besides still perhaps indeed first firstly second secondly third thirdly finally next later afterwards "
    "even only just because not what why how who nothing something everything neither either note see "
    "recall remember imagine suppose consider"
)
# So do the words "in contrast", "the process", "the second of them".
LEANING_OPENINGS = (
    "for example", "for instance", "in contrast", "by contrast", "in this", "in that", "in these", "in such",
    "at this", "at that", "as a result", "as a consequence", "on the other hand", "on the contrary", "in addition",
    "in other words", "in fact", "of course", "of these", "of them", "after this", "after that", "during this",
    "by this", "with this", "from this", "to this", "for this", "because of this", "each of these", "most of these",
    "all of these", "some of these", "none of these", "at first", "at last", "until then", "since then", "as we",
    "in each case", "in either case", "in both cases", "in short", "in turn", "no such", "on its own", "most of it",
)  # fmt: skip
LEANING_NOUNS = word_set(
    "process result same other others former latter first second third last reason answer effect difference two three "
    "four five whole rest method reverse opposite remaining next following example case question problem idea point "
    "name term word picture key trick story lesson conclusion consequence outcome experiment test change step "
    "more less most best worst only main chief important simplest usual total aim goal task device instrument "
    "pair group set kind type part amount number value quantity equation formula law theory rule principle numbers "
    "figure table section chapter page author book text way side end beginning middle top bottom thing"
)
# So does "The party also has a duty", not "When cells divide, then …".
LINKING = word_set("also then therefore however thus still")
# Words that point out of the sentence, wherever they stand in it.
POINTING = word_set(
    "this these those such we us our ours you your yours i my me above below earlier aforementioned chapter section "
    "figure fig table page exercise former latter here today nowadays recently previous previously ones"
)
# With "the" before them and nothing behind that says which, these are named in an earlier sentence.
REFERRING_NOUNS = word_set(
    "idea method discovery experiment theory question problem result process reaction missing substance protein gas "
    "machine signal molecule molecules organ disease compound element metal wave particle particles object device "
    "instrument animal animals creature species plant country city king war treaty company law rule principle effect "
    "phenomenon structure mechanism finding findings change changes difference event events change medicine drug "
    "test scale unit value amount same others other first second third two three four rest whole curve patient "
    "product products equation formula image picture point line surplus carriers barrier distance chain pump tube man "
    "woman child fluid liquid mixture material materials pressure operation action case observation author authors "
    "government state system task"
)
REFERRING_OPEN = word_set("of that which who whose for to in between from with called on at against behind across")
OPENING_PREPOSITIONS = word_set(
    "in at on for with from under within during together above by until even as since among over inside after before "
    "through without between near outside below beyond unlike like despite today sometimes often usually normally"
)
# Too general to be asked for.
GENERAL_NOUNS = word_set(
    "number numbers part parts way ways time times thing things example examples amount amounts people person kind "
    "kinds type types form forms case cases fact facts result results reason reasons process processes place places "
    "point points side sides day days year years hour hours minute minutes second seconds world life work use end "
    "beginning word words name names order group groups set sets level levels change changes difference differences "
    "effect effects area areas role roles step steps question questions answer answers problem problems idea ideas "
    "half third quarter rest whole one two three four five six seven eight nine ten hundred thousand million billion "
    "pair pairs range system systems method methods body piece pieces state states condition conditions value values "
    "kilometre kilometres metre metres centimetre centimetres millimetre millimetres micrometre micrometres gram grams "
    "kilogram kilograms litre litres percent per cent degree degrees century centuries decade decades month months "
    "week weeks unit units line lines shape size length height width depth speed rate direction centre middle top "
    "bottom front back inside outside surface sort lot lots bit course student students textbook book books everyone "
    "anyone somebody moment while amounts means matter kilometers meters phase phases flow wall walls wire help knot "
    "branch branches needs need uses ends lead leads start starts forms rise fall rises falls contact piece reach "
    "reaches look looks back backs hand hands foot feet head share shares rest control form action actions property "
    "properties detail details sense turn turns case cases attempt attempts search choice hold holds limit limits "
    "right left high low more less picture same substance substances"
)
FUNCTION_WORDS = word_set(
    "a an the this that these those each every some any no all both either neither many much more most few several "
    "of in on at to for from by with without within into onto upon over under above below between among through "
    "during before after since until against along across around behind beside beyond near off out up down about "
    "as than like per via and or but nor so yet if when while where whereas because although though unless whether "
    "is are was were be been being am has have had having do does did can could may might must shall should will "
    "would not it its they them their he she his her him we us our you your i my me who whom whose which what how why "
    "there here then thus only also even just too very quite almost nearly often always never sometimes usually mostly "
    "mainly still already again once twice together other another same such own"
)
NOT_BEFORE_NOUN = word_set(
    "to can could may might must shall should will would not it they he she we you i who which that do does did is are "
    "was were be been being has have had very quite too so more most how"
)
BEFORE_NOUN = word_set(
    "a an the of in into from by with between through for on at per as each every no some any their its many few "
    "called than within across around against without during"
)
SUBORDINATORS = word_set("when if because although though while as once before after since unless whenever")
NOT_A_NOUN_ENDINGS = ("ly", "ing", "ed", "able", "ible", "ous", "ful", "less", "ive", "ish", "est", "ical")
# "X is the most important process" tells what somebody thinks of X, not what X is.
NO_DEFINITION = (
    "the most", "one of", "a good", "an important", "an example", "the same", "a matter", "the case", "the reason",
    "a case", "a little", "a result", "a consequence", "the result", "more", "less", "not", "the only", "a way",
    "the first", "the second", "the last", "a few", "a part", "part of", "the best", "a long", "a great", "a sign",
    "an exception", "the exception", "a hundred", "the key", "a simple", "the main", "an idea", "a common", "the cause",
    "a key", "the work", "a third", "a quarter", "the product of", "the source", "the rest", "the opposite",
    "the other", "the basis", "the more", "a question", "a useful", "the answer", "the price", "the largest",
    "the smallest", "a major", "the second", "a famous", "an old", "a large", "a small", "the whole", "a different",
    "the major",
)  # fmt: skip
ABBREVIATIONS = word_set(
    "e.g i.e dr mr mrs ms prof fig figs eq eqs no nos vol vs cf approx ca al st jr sr inc ltd co dept est ref refs sec "
    "ch pp ed eds resp viz bzw z.b d.h usw p.ex env art nr abb"
)
