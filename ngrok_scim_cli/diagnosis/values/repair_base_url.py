"""Mends the base URL: one function for each finding, each changes one thing."""

from collections.abc import Callable
from dataclasses import replace

from ngrok_scim_cli.diagnosis.values.base_url import WRAPPED, BaseUrl, Parts
from ngrok_scim_cli.diagnosis.values.scim_path import NGROK_PATH, read_path, single_slashes
from ngrok_scim_cli.form import DEFAULT_BASE_URL
from ngrok_scim_cli.hosts import MEANT_FOR_NGROK, NGROK_HOST, HostKind
from ngrok_scim_cli.text.characters import Kind, Spot, describe, named_kinds, without
from ngrok_scim_cli.text.confusables import skeleton

# The mended text, and what was done in words that never hold what was typed.
Mended = tuple[str, str]

_NAMED = 5


def _write_the_guides(_: BaseUrl) -> Mended:
    return DEFAULT_BASE_URL, f"write {DEFAULT_BASE_URL}"


def _unwrap(url: BaseUrl) -> Mended:
    cuts = url.peeled.cuts_of(WRAPPED)
    names = " and ".join(dict.fromkeys(cut.name for cut in cuts))
    return without(url.typed, cuts), f"remove {names} around it"


def _remove_invisible(url: BaseUrl) -> Mended:
    spots = url.peeled.of_kind(Kind.INVISIBLE, Kind.UNREADABLE)
    return _remove(url, spots, "")


def _remove_before(url: BaseUrl) -> Mended:
    return _remove(url, url.peeled.before(), " at the start")


def _remove_after(url: BaseUrl) -> Mended:
    return _remove(url, url.peeled.after(), " at the end")


def _remove_inside(url: BaseUrl) -> Mended:
    outside = {*url.peeled.before(), *url.peeled.after()}
    odd = url.peeled.of_kind(Kind.WHITESPACE, Kind.CONTROL)
    return _remove(url, tuple(spot for spot in odd if spot not in outside), " inside it")


def _remove(url: BaseUrl, spots: tuple[Spot, ...], place: str) -> Mended:
    return without(url.typed, spots), f"remove {named_kinds(spots)}{place}"


def _write_plain_letters(url: BaseUrl) -> Mended:
    letters = dict.fromkeys(letter for _, letter in url.peeled.foreign())
    done = [
        f"write {skeleton(letter)} for {describe(letter)}"
        for letter in list(letters)[:_NAMED]
        if skeleton(letter) != letter
    ]
    if "xn--" in url.letters.lower():
        done.append("write the host in plain letters")
    return str(url.parts), " and ".join(done)


def _put_the_scheme(url: BaseUrl) -> Mended:
    plain = url.kind is HostKind.LOOPBACK and "s" not in url.parts.prefix.lower()
    scheme = "http://" if plain else "https://"
    done = f"write {scheme} in front" if url.parts.prefix else f"put {scheme} in front"
    return str(replace(url.parts, prefix=scheme)), done


def _encrypt(url: BaseUrl) -> Mended:
    return str(replace(url.parts, prefix="https://")), "write https:// for http://"


def _remove_extras(url: BaseUrl) -> Mended:
    parts = url.parts
    query = parts.query if parts.has_oktas_query else None
    names = {
        "user info": parts.user_info is not None,
        "query": parts.query is not None and query is None,
        "fragment": parts.fragment is not None,
    }
    done = f"remove the {' and the '.join(name for name, there in names.items() if there)}"
    host = parts.host
    if url.kind is HostKind.OTHER and NGROK_HOST in (parts.user_info or "").lower():
        host = NGROK_HOST
        done += f" and write {NGROK_HOST} as the host"
    return str(replace(parts, user_info=None, host=host, query=query, fragment=None)), done


def _write_ngroks_host(url: BaseUrl) -> Mended:
    return str(replace(url.parts, host=NGROK_HOST)), f"write {NGROK_HOST} as the host"


def _remove_the_port(url: BaseUrl) -> Mended | None:
    if url.kind not in MEANT_FOR_NGROK:
        return None
    return str(replace(url.parts, port=None)), "remove the port"


def _write_one_slash(url: BaseUrl) -> Mended:
    path = single_slashes(url.parts.path)
    return str(replace(url.parts, path=path)), "write one slash for two"


def _remove_the_resource(url: BaseUrl) -> Mended:
    path = read_path(url.parts.path)
    query = None if url.parts.has_oktas_query else url.parts.query
    done = f"remove {path.resource[1:]} from the end" if path.resource else "remove Okta's query"
    base = path.base if path.resource else url.parts.path
    return str(replace(url.parts, path=base, query=query)), done


def _write_small_letters(url: BaseUrl) -> Mended:
    parts = url.parts
    lowered = replace(
        parts, prefix=parts.prefix.lower(), host=parts.host.lower(), path=parts.path.lower()
    )
    return str(lowered), "write the path in small letters"


def _replace_the_underscore(url: BaseUrl) -> Mended | None:
    """Write what was meant by an underscore, where that makes ngrok's host or path."""
    parts = url.parts
    for letter, name in (("/", "a slash"), (".", "a dot"), ("-", "a hyphen"), ("", "nothing")):
        path = parts.path.replace("_", letter)
        if "_" in parts.path and path.rstrip("/") == NGROK_PATH.rstrip("/"):
            return str(replace(parts, path=path)), f"write {name} for the underscore"
        host = parts.host.replace("_", letter)
        if "_" in parts.host and host.lower() == NGROK_HOST:
            return str(replace(parts, host=host)), f"write {name} for the underscore"
    return None


def _write_ngroks_path(url: BaseUrl) -> Mended:
    lacking = url.parts.path in ("", "/")
    done = (
        f"put {NGROK_PATH} at the end of the path" if lacking else f"write {NGROK_PATH} as the path"
    )
    return str(replace(url.parts, path=NGROK_PATH)), done


def _put_the_last_slash(url: BaseUrl) -> Mended:
    return str(_with_slash(url.parts)), "put / at the end"


def _with_slash(parts: Parts) -> Parts:
    return replace(parts, path=f"{parts.path}/")


# From the outside in: what stands around the URL first, its path last.
MENDS: dict[str, Callable[[BaseUrl], Mended | None]] = {
    "URL118": _write_the_guides,
    "URL114": _unwrap,
    "URL104": _remove_invisible,
    "URL101": _remove_before,
    "URL102": _remove_after,
    "URL103": _remove_inside,
    "URL105": _write_plain_letters,
    "URL107": _put_the_scheme,
    "URL106": _encrypt,
    "URL111": _remove_extras,
    "URL115": _replace_the_underscore,
    "URL108": _write_ngroks_host,
    "URL116": _remove_the_port,
    "URL112": _write_one_slash,
    "URL110": _remove_the_resource,
    "URL117": _write_small_letters,
    "URL109": _write_ngroks_path,
    "URL113": _put_the_last_slash,
}
