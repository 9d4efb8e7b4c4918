"""What the letters of several scripts sound like, roughly: the classes of sounds that names are keyed by (pure).

A line of ``_RULES`` gives the letters, and behind ``=`` their alternatives, the likeliest first: p b t d; k for k, g
and q; f for f, v and w; s for every sibilant, which languages write most differently (Tchaikovsky, Tschaikowski,
Czajkowski); h for h and kh; m n l r; a for any vowel; 0 for what may be silent. The values are those of the usual
romanisations: BGN/PCGN and ISO 9 for Cyrillic, ISO 843 for Greek, DIN 31635 and IJMES for Arabic, ISO 259 for Hebrew,
ISO 15919 for Hindi, Hepburn for kana, the Revised Romanization for Korean. Libraries that romanise (anyascii, uroman)
give one Latin spelling, of which the alternatives would have to be guessed again; neither had a release within a year.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import islice, product

from index.analysis.folding import fold

_LONGEST, _MOST, _TRIED = 64, 6, 64
_RULES = r"""
tʃ=s t
schtsch shch chtch szcz stsch tsch tch dsch dzh cz zh sh sch=s
ch=s h k
sz=s
dj=s
rz=rs s
kh=h k
gh=k
dh=d
th=t
ph=f
[ft]s=s
ts tz dz=s
ck qu q=k
(?<!\w)x=s ks
x=ks s
c(?=[eiyéèíćč])=s
c(?!\w)=k s
c k=k
g(?=[eiyéèí])=k s
g=k
ğ=0 k
[çčćšśşșžżźzßŝĉs]=s
đ=s d
(?<!\w)j=a s h
j=s a h
[ęą]=a an
(?<=[aeiou])w(?![aeiouy])=0 f
w v f=f
(?<!\w)h=h
(?<=[aeiouyäöüáéíóú])h(?=[aeiouyäöüáéíóú])=h 0
h=0 h
b=b
p=p
d ð=d
t þ=t
l ł=l
r=r
ɾ=r l
m=m
n ñ ń=n
[aeiouyıøæœ]=a
шч дж дз тч тс тш цз=s
г=k h
(?<!\w)у(?=[аеиіоэя])=f
[аеёиоуыэюяіїєйј]=a
[ъь]=0
[жзсцчшщћџ]=s
ђ=s d
б=b
[вфў]=f
ґ к қ ѓ ќ=k
д=d
л љ=l
м=m
н њ=n
п=p
р=r
т=t
х=h
αυ ευ=af
μπ=b
ντ=d nt
γκ γγ=k
τσ τζ [ζσς]=s
[αεηιουω]=a
β φ=f
γ=k a
δ=d
θ τ=t
κ=k
λ=l
μ=m
ν=n
ξ=ks
π=p
ρ=r
χ=h
ψ=ps
تش دج [جچ](?=ي)=s
ج=s k
(?<!\w)و=f a
و=a f
ه(?!\w)=0
ب=b p
[ةءؤئ]=0
[اأإآعىيی]=a
پ=p
[تط]=t
ث=s t
[حخه]=h
[دض]=d
ذ ظ=d s
ر=r
[زژسشصچ]=s
[غقکكگ]=k
ف=f
ل=l
م=m
ن=n
[גזצ]['’׳] [זסצץשת]['’׳]=s
וו=f
(?<![\w'’׳])ו=f
ו=a f
ה(?!\w)=0
ב=b f
ג ק=k
ד=d
ה ח=h
[זסצץש]=s
ט ת=t
[אעי]=a
[כך]=k h
ל=l
[מם]=m
[נן]=n
[פף]=p f
ר=r
[कखगघक़]=k
[चछजझशषस]=s
[टठतथ]=t
[डढदध]=d
[नणङञंँ]=n
प=p
फ=f p
[बभ]=b
म=m
र=r
ल=l
व=f
ह=h
[अ-औय\u093e-\u094c]=a
"""
"""Between two spaces stand letters, or a pattern of them."""


_KANA = {"si": "s", "ti": "tʃ", "tu": "s", "zi": "s", "di": "s", "hu": "f", "vu": "f"}
_UNSOUNDED = frozenset("ッーっ")
_KEPT = frozenset(_RULES) - frozenset("\n =0()[]|")


def sounds_of(word: str) -> list[str]:
    """The likeliest ways a word sounds, as strings of classes; at most six, none for a word of other scripts."""
    plain = "".join(map(_letter, unicodedata.normalize("NFC", word.casefold()[:_LONGEST])))
    pattern, alternatives = _compiled()
    each = [alternatives[found.lastindex - 1] for found in pattern.finditer(plain) if found.lastindex]
    if not each:
        return []
    ways = sorted(islice(product(*map(enumerate, each)), _TRIED), key=lambda way: sum(at for at, _ in way))
    return list(dict.fromkeys("".join(sound for _, sound in way) for way in ways))[:_MOST]


@cache
def _compiled() -> tuple[re.Pattern[str], list[tuple[str, ...]]]:
    lines = [line.rpartition("=")[::2] for line in _RULES.strip().splitlines()]
    rules = [(letters, tuple(sounds.replace("0", "").split(" "))) for line, sounds in lines for letters in line.split()]
    return re.compile("|".join(f"({letters})" for letters, _ in rules)), [sounds for _, sounds in rules]


@cache
def _letter(character: str) -> str:
    """A letter as the rules know it: kana and Hangul by the Latin letters of their names in Unicode."""
    if character in _KEPT or character in _UNSOUNDED:
        return "" if character in _UNSOUNDED else character
    name = unicodedata.name(character, "").split()
    if name[:1] in (["KATAKANA"], ["HIRAGANA"]):
        latin = name[-1].lower()
        return _KANA.get(latin, latin).replace("r", "ɾ")
    if name[:2] == ["HANGUL", "SYLLABLE"]:
        return name[-1].lower().replace("r", "ɾ").replace("j", "s").replace("c", "s")
    return fold(character)
