"""Values that mean "not known": they are in a field because a form asked for something.

Two reports that both say "unknown" have nothing in common, so no kind may give them a value.
"""

from app.domain.attributes import Outcome
from app.domain.normalise.text import fold, strip_marks

_WORDS = """
unknown|not known|unk|none|null|nil|no|n/a|not available|not applicable|no data|no number|anonymous
undefined|undisclosed|withheld|redacted|test|tbd|tba|nan|empty|blank|no email|no mail|no phone
neznámy|neznáme|neznáma|neznámé|neznámá|není známo|nie je známe|neuvedené|neuvedeno|žiadne|žádné
nemá|bez údajov|bez údajů|nezistené|nezjištěno|nevie|neví
неизвестен|неизвестна|неизвестно|неизвестный|няма|няма данни|не е известно|не знам|без данни|липсва
нет|нет данных|не известно|неизв|отсутствует|не указано|не указан|аноним
невідомо|невідомий|невідома|немає|немає даних|не відомо|не вказано|відсутній
desconocido|desconocida|no se sabe|sin datos|sin dato|ninguno|ninguna|no consta|no disponible|s/n
desconegut|desconeguda|sense dades|cap|no es coneix
άγνωστο|άγνωστος|άγνωστη|δεν γνωρίζω|δεν είναι γνωστό|κανένα|χωρίς στοιχεία|δ/γ
nieznany|nieznana|nieznane|brak|brak danych|nie dotyczy|nie wiadomo|nie podano|b/d
sconosciuto|sconosciuta|ignoto|nessuno|nessuna|non noto|non disponibile|n/d|nd
unbekannt|keine|keiner|keine angabe|keine angaben|k.a.|nicht bekannt|ohne|entfällt
inconnu|inconnue|aucun|aucune|néant|non connu|non communiqué|pas de données|n/c
necunoscut|necunoscută|fără|fără date|nu se știe|nu este cunoscut|niciunul
ismeretlen|nincs|nincs adat|nem ismert|nem tudja
không rõ|không biết|không có|chưa biết|chưa rõ
غير معروف|غير معلوم|مجهول|لا يوجد|لا أعرف
bilinmiyor|bilinmeyen|yok|belirsiz|bilgi yok
onbekend|geen|geen gegevens|niet bekend|nvt|n.v.t.
desconhecido|desconhecida|nenhum|nenhuma|sem dados|não sabe|não conhecido
"""
_LONGEST = 32
_SHORTEST_RUN = 5
_UPWARDS = "012345678901234567890"
_DOWNWARDS = "9876543210"


def is_placeholder(raw: str) -> bool:
    """Say whether the value stands for "not known" in a language of the network, is one
    character repeated ("000000", "xxx"), or digits in their order ("123456").
    """
    key = _key(raw) if len(raw) <= _LONGEST else _letters_and_digits(raw)
    if len(key) <= 1 or key in _KEYS or key.count(key[0]) == len(key):
        return True
    return len(key) >= _SHORTEST_RUN and key.isdigit() and _is_run(key)


def _is_run(digits: str) -> bool:
    return (digits[0] in "01" and digits in _UPWARDS) or (
        digits[0] in "98" and digits in _DOWNWARDS
    )


def _key(raw: str) -> str:
    return _letters_and_digits(raw.lower() if raw.isascii() else strip_marks(fold(raw)))


def _letters_and_digits(text: str) -> str:
    return text if text.isalnum() else "".join(filter(str.isalnum, text))


_KEYS = frozenset(_key(word) for line in _WORDS.split("\n") for word in line.split("|") if word)

NOT_KNOWN = Outcome(problem="The value is a placeholder: it means that the value is not known.")
"""What every normaliser answers for a placeholder."""
