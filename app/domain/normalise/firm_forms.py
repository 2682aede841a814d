"""Legal forms as the registers of the countries of the network print them, and where in a name
they may stand. Without marks and in small letters, each in its own script.

Long forms with their proper marks are taken from the tables of rigour (ISO 20275 among them).
Left out are abbreviations that are names as often ("Mike", "Pao", "Zoo").
"""

_EVERYWHERE = """
ltd llc llp plc inc corp gmbh ggmbh mbh ohg kgaa gbr sro ltda lda slu slne srl srls sarl sasu eurl
snc ood eood ead kft zrt nyrt jdoo doo ike epe uab ivs aps spzoo tnhh
оод еоод еад тов тзов ооо зао оао пао фоп прат пат
αε επε ικε μικε μεπε αβεε μονοπροσωπη
aktiengesellschaft aktiebolag
"""
EVERYWHERE = frozenset(_EVERYWHERE.split())
"""Forms that are no words of any language of the network, wherever they stand."""

_AT_END = """
limited incorporated corporation company limitada co lp ag ug kg ek ev as ks zs vos sa sl sll scs
sca sas sci sc bt rt kd sd ad dd bv nv vof cv oy oyj ab hb ou oe ee ae sia mb se oo pvt pte pty sti
unipersonal unipessoal unipersonale pfa spol
ад кд сд ет ао ип пп ат
οε εε
"""
AT_END = frozenset(_AT_END.split())
"""Forms that count at the end of a name."""

ABBREVIATED = frozenset({"spa", "eu"})
"""Forms only where they are spelt as abbreviations ("S.p.A.", "e.U."), for they are words too."""

_AT_BEGINNING = """
the firma ditta et ooo zao oao tov fop sia uab mb oy sas sci pfa
фирма фірма ет ип пп ат ао дп кп сд ад
ο η το οι τα
"""
AT_BEGINNING = frozenset(_AT_BEGINNING.split())
"""Forms, articles and the word "firm" that count at the beginning of a name."""

_PHRASES = """
sp k|sp j|sp p
spolocnost s rucenim obmedzenym|spolecnost s rucenim omezenym|akciova spolocnost|akciova spolecnost
spolka z ograniczona odpowiedzialnoscia|spolka akcyjna|spolka jawna
spolka komandytowa|spolka cywilna
sociedad limitada|sociedad anonima|sociedad limitada unipersonal|societate cu raspundere limitata
korlatolt felelossegu tarsasag|beteti tarsasag|societa a responsabilita limitata|societa per azioni
san ve tic|sanayi ve ticaret|ltd sti|anonim sirketi|limited sirketi
cong ty tnhh mtv|cong ty tnhh|cong ty co phan|cong ty cp
еднолично дружество с ограничена отговорност|дружество с ограничена отговорност|акционерно дружество
едноличен търговец|товариство з обмеженою відповідальністю|приватне підприємство
фізична особа підприємець|акціонерне товариство|общество с ограниченной ответственностью
индивидуальный предприниматель|акционерное общество
ανωνυμη εταιρεια|ομορρυθμη εταιρεια|ετερορρυθμη εταιρεια|εταιρεια περιορισμενης ευθυνης
ιδιωτικη κεφαλαιουχικη εταιρεια|ατομικη επιχειρηση
"""


def _phrase(words: str) -> tuple[str, ...]:
    return tuple(words.replace("й", "и").replace("ї", "і").split())


PHRASES = tuple(
    sorted(
        (_phrase(words) for words in _PHRASES.replace("\n", "|").split("|") if words),
        key=lambda phrase: (-len(phrase), phrase),
    )
)
"""Forms of several words, the longest first."""

_JOINING = """
and und et e y i a of the ve si de di и і та και
"""
JOINING = frozenset(_JOINING.split())
"""Words that join two others and go out between them."""
