"""Look-alike characters, in the fonts of browsers and terminals.

The table has those that imitate an ASCII character of a URL or a key. Fullwidth, mathematical
and other styled forms are not listed: Unicode's NFKC says what they mean. The idea of a
skeleton is that of Unicode Technical Standard 39, section 4.
"""

import re
import unicodedata
from functools import lru_cache

# Each imitated character, and behind it the code points of its imitators.
_IMITATORS = """
    a 0251 03B1 0430 b 0184 042C 13CF 1472 15AF c 03F2 0441 1D04 2CA5 ABAF d 0501 13E7 146F A4D2 e
    0435 04BD 212E AB32 f 03DD 0584 1E9D A799 AB35 g 018D 0261 0262 0581 1D83 h 04BB 0570 13C2 i
    0131 0269 026A 03B9 0456 13A5 1D7B 1FBE A647 AB75 j 03F3 0458 k 0138 03BA 043A 1D0B 2C95 l 01C0
    04C0 04CF 05C0 2223 A4F2 m 0271 043C 1D0D n 0273 03B7 043F 0578 057C o 03BF 03C3 043E 0585 05E1
    0B20 0D20 101D 10FF 1D0F 1D11 2C9F AB3D p 03C1 03F1 0440 2374 2CA3 q 051B 0563 0566 r 0433 1D26
    2C85 AB47 AB48 AB81 s 01BD 0455 A731 ABAA 10448 t 03C4 0442 1D1B u 028B 03C5 057D 1D1C A79F AB4E
    AB52 v 03BD 0475 05D8 1D20 2228 22C1 ABA9 w 026F 0461 051D 0561 1D21 AB83 x 00D7 03C7 0445 157D
    166E y 0263 028F 03B3 0443 04AF 10E7 1D8C 1EFF AB5A z 0290 1D22 AB93 A 0391 0410 13AA 15C5 A4EE
    B 0392 0412 13F4 15F7 A4D0 A7B4 C 03F9 0421 13DF 2CA4 A4DA D 13A0 15DE A4D3 E 0395 0415 13AC
    22FF 2D39 A4F0 F 03DC 15B4 A4DD A798 G 050C 13C0 13F3 A4D6 H 0397 041D 13BB 157C 2C8E A4E7 I
    0399 0406 16C1 2C92 J 037F 0408 13AB A4D9 K 039A 041A 13E6 16D5 2C94 A4D7 L 13DE 14AA 2CD0 A4E1
    M 039C 03FA 041C 13B7 16D6 2C98 A4DF N 039D 2C9A A4E0 O 039F 041E 0555 2C9E 2D54 A4F3 P 03A1
    0420 13E2 146D 2CA2 A4D1 Q 051A 2D55 R 01A6 13A1 13D2 1587 A4E3 S 0405 054F 13D5 13DA A4E2 T
    03A4 0422 13A2 22A4 27D9 2CA6 A4D4 U 054D 1200 144C 222A 22C3 A4F4 V 0474 13D9 142F 2D38 A4E6 W
    051C 13B3 13D4 A4EA X 03A7 0425 16B7 2CAC 2D5D A4EB Y 03A5 0423 04AE 13A9 13BD 2CA8 A4EC Z 0396
    13C3 A4DC 2 01A7 03E8 14BF A644 3 01B7 021C 0417 04E0 2CCC A76A A7AB 4 13CE 5 01BC 6 0431 13EE
    2CD2 8 0222 0223 9 2CCA A76E . 00B7 0387 0701 0702 2027 2219 22C5 3002 30FB A4F8 / 1735 2041
    2044 2215 2571 27CB 29F8 2CC6 3033 31D3 4E3F \\ 2216 29F5 29F9 31D4 4E36 : 02D0 02F8 0589 05C3
    0703 0704 16EC 1803 1809 205A 2236 A4FD A789 - 02D7 06D4 2010 2011 2012 2013 2014 2015 2043 2212
    2796 2CBA 30FC _ 02CD 2017 203F FE33 FE34 FE4D FE4E FE4F
"""


# An item of one character begins the next row of the table.
CONFUSABLES = {
    chr(int(code, 16)): imitated
    for imitated, *codes in map(str.split, re.split(r"\s(?=\S\s)", _IMITATORS)[1:])
    for code in codes
}


@lru_cache(maxsize=1024)
def imitated_by(character: str) -> str | None:
    """Return the ASCII text that ``character`` looks like; ``None`` where it imitates none."""
    if character.isascii():
        return None
    known = CONFUSABLES.get(character)
    if known:
        return known
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    compatible = unicodedata.normalize("NFKC", character)
    folded = "".join(CONFUSABLES.get(letter, letter) for letter in compatible)
    plain = folded.isascii() and folded.isprintable() and " " not in folded
    return folded if plain else None


def fold(text: str) -> str:
    """Return ``text`` with each look-alike replaced by what it imitates."""
    return "".join(imitated_by(letter) or letter for letter in text)


def fold_in_place(text: str) -> str:
    """Return ``text`` with each look-alike replaced, so that every offset stays the same."""
    folded = (imitated_by(letter) or letter for letter in text)
    return "".join(new if len(new) == 1 else old for old, new in zip(text, folded, strict=True))


def skeleton(text: str) -> str:
    """Return what a hasty reader takes ``text`` for: look-alikes replaced, accents dropped."""
    letters = unicodedata.normalize("NFD", text)
    return fold("".join(letter for letter in letters if unicodedata.category(letter) != "Mn"))


def imitation(character: str) -> str:
    """Say what ``character`` looks like, as in ``, which looks like “a”``; else nothing."""
    imitated = imitated_by(character)
    return f", which looks like “{imitated}”" if imitated else ""
