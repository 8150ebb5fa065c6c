#!/usr/bin/env python3
"""Verifies a dossier's plain archive with nothing but Python's standard library: a second program beside ours, written from docs/spec/dossier.md.

    age -d -i KEY dossier.age > dossier.tar
    verify.py dossier.tar [ROOT-FINGERPRINT]

Prints what was found as JSON and ends with 0; or says what is wrong, and ends with 1.
"""

import base64
import hashlib
import json
import sys

# Ed25519 verification as in RFC 8032 section 5.1.7, with integers; slow and plain.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)

# docs/spec/dossier.md section 3: why an entry, or a piece of evidence, is left out.
LEFT_OUT = {"officer", "source-words", "letter", "note", "team-keys", "claim-key", "award", "other-case", "detriment", "disclosure",
            "recusal", "does-not-count"}
# Those that say more than themselves.
WITH_DETAIL = {"officer", "recusal", "does-not-count"}
# What `words.json` may speak of, and from whom.
WORDS = {"source": "source-words", "team": "letter"}
NOT_ENCLOSED = {"few-readers", "no-safe-copy"}

# docs/spec/dossier.md section 3: the files with one name.
FILES = {"manifest.json", "manifest.sig.json", "receipts/checkpoint.note", "receipts/charters.json", "journal.json", "evidence.json",
         "redactions.json", "report.html"}

# docs/spec/log.md: the byte of a charter's leaf.
LEAF_CHARTER = 2


class Wrong(Exception):
    pass


def need(truth, why):
    if not truth:
        raise Wrong(why)


def point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    need(y < P, "a point is not in its one encoding")
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * ROOT % P
    need((x * x - x2) % P == 0 and (x or not sign), "a point is not on the curve")
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


def add(a, b):
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    c = 2 * a[3] * b[3] * D % P
    d = 2 * a[2] * b[2] % P
    e, f, g, h = f - e, d - c, d + c, f + e
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(n, a):
    out = (0, 1, 1, 0)
    while n:
        if n & 1:
            out = add(out, a)
        a, n = add(a, a), n >> 1
    return out


def same(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


BASE = point(bytes([0x58] + [0x66] * 31))


def signed(key, message, signature, why):
    need(len(key) == 32 and len(signature) == 64, why)
    a, r, s = point(key), point(signature[:32]), int.from_bytes(signature[32:], "little")
    need(s < L and not same(times(8, a), (0, 1, 1, 0)) and not same(times(8, r), (0, 1, 1, 0)), why)
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    need(same(times(s, BASE), add(r, times(h, a))), why)


def sha256(data):
    return hashlib.sha256(data).digest()


def digest(label, *parts):
    """docs/spec/conventions.md section 3."""
    long = lambda x: len(x).to_bytes(8, "big") + x
    return sha256(long(label.encode()) + b"".join(map(long, parts)))


def domain(name, message):
    """docs/spec/conventions.md section 4."""
    return bytes([len(name)]) + name.encode() + message


def unhex(text, length):
    need(text == text.lower() and len(text) == 2 * length, "a field is not hexadecimal of its length")
    return bytes.fromhex(text)


def octal(field):
    return int(field.split(b"\0")[0].decode(), 8)


def header(name, size, time):
    out = bytearray(512)
    fields = [(0, name), (100, "0000644"), (108, "0000000"), (116, "0000000"), (124, f"{size:011o}"), (136, f"{time:011o}"),
              (148, " " * 8), (156, "0"), (257, "ustar\x0000")]
    for at, text in fields:
        out[at:at + len(text)] = text.encode()
    out[148:156] = f"{sum(out):06o}\0 ".encode()
    return bytes(out)


def unpack(archive):
    files, at, time = {}, 0, 0
    while archive[at:at + 512].strip(b"\0"):
        head = archive[at:at + 512]
        name, size, time = head[:100].rstrip(b"\0").decode(), octal(head[124:136]), octal(head[136:148])
        need(head == header(name, size, time), f"the header of {name} is not in its one form")
        parts = name.split("/")
        need(all(p and not p.startswith(".") for p in parts) and name not in files, f"{name} is no name for a file")
        need(set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789./-_"), f"{name} is no name for a file")
        body = archive[at + 512:at + 512 + size]
        padded = -(-size // 512) * 512
        need(len(body) == size and not archive[at + 512 + size:at + 512 + padded].strip(b"\0"), f"{name} is cut")
        files[name] = body
        at += 512 + padded
    need(archive[at:] == bytes(1024), "the archive does not end as it must")
    return files, time


def note(data, name, key):
    """A C2SP signed note with an Ed25519 signature by `key`: its text."""
    text, lines = data.decode().split("\n\n")
    key_id = sha256(name.encode() + b"\n\x01" + key)[:4]
    for line in lines.splitlines():
        dash, signer, blob = line.split(" ")
        raw = base64.b64decode(blob)
        if dash == "\u2014" and signer == name and raw[:4] == key_id:
            signed(key, (text + "\n").encode(), raw[4:], f"the signature of {name} is not valid")
            return text + "\n"
    raise Wrong(f"{name} has not signed")


def proven(leaf, index, size, proof, root):
    """RFC 9162 section 2.1.3.2."""
    need(index < size, "a leaf is outside the log")
    fn, sn, r = index, size - 1, leaf
    for p in proof:
        need(sn > 0, "a proof is too long")
        if fn & 1 or fn == sn:
            r = sha256(b"\x01" + p + r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = sha256(b"\x01" + r + p)
        fn, sn = fn >> 1, sn >> 1
    need(sn == 0 and r == root, "a proof does not lead to the log's root")


ROLES = {1: "triager", 2: "investigator", 3: "adjudicator"}


def spans(charters):
    """Who was an officer when, in which roles: docs/spec/charter.md section 4."""
    out = {}
    for n, c in enumerate(charters):
        start = 0 if n == 0 else c["issued"]
        end = charters[n + 1]["issued"] if n + 1 < len(charters) else None
        for o in c["officers"]:
            key = unhex(o["keys"]["sign"], 32)
            out.setdefault(digest("subrosa/holder-id/v1", key)[:16], []).append((key, o["roles"], start, end))
    return out


def cbor(data):
    """The part of CBOR that docs/spec/conventions.md section 1 allows: one value that fills `data`."""
    def read(at):
        kind, n = data[at] >> 5, data[at] & 31
        size = {24: 1, 25: 2, 26: 4, 27: 8}.get(n, 0)
        need(n < 28, "an event is not in its one encoding")
        if kind == 7:
            need(n in (20, 21, 22), "an event holds what no event holds")
            return {20: False, 21: True, 22: None}[n], at + 1
        if size:
            n = int.from_bytes(data[at + 1:at + 1 + size], "big")
        at += 1 + size
        if kind == 0:
            return n, at
        if kind in (2, 3):
            need(at + n <= len(data), "an event is cut")
            part = data[at:at + n]
            return (part if kind == 2 else part.decode()), at + n
        need(kind in (4, 5), "an event holds what no event holds")
        items = []
        for _ in range(n if kind == 4 else 2 * n):
            item, at = read(at)
            items.append(item)
        return (items if kind == 4 else dict(zip(items[::2], items[1::2]))), at
    value, end = read(0)
    need(end == len(data), "something follows an event")
    return value


def event(data, journal, seq, head, officers):
    """docs/spec/case.md, section "Journal": the author and what the event says."""
    need(data[0] == 3 and int.from_bytes(data[1:9], "big") == seq and data[9:41] == head, f"entry {seq} is out of place")
    author, role, at = data[41:57], data[57], int.from_bytes(data[58:66], "big")
    end = 78 + int.from_bytes(data[74:78], "big")
    need(len(data) == end + 64, f"entry {seq} cannot be read")
    fits = [key for key, roles, start, until in officers.get(author, []) if start <= at and (until is None or at < until) and ROLES.get(role) in roles]
    need(fits, f"the author of entry {seq} is not in the charter in that role")
    signed(fits[0], domain("subrosa/sig/journal/v1", journal + data[:end]), data[end:], f"the signature of entry {seq} is not valid")
    return author, cbor(data[78:end])


def verify(archive, fingerprint):
    files, time = unpack(archive)
    names = list(files)
    need(names[:2] == ["manifest.json", "manifest.sig.json"] and names[2:] == sorted(names[2:]), "the files are not in their order")
    manifest = json.loads(files["manifest.json"])
    need(manifest["format"] == "subrosa-dossier/3" and manifest["made_at"] == time, "another format")
    root = unhex(manifest["root"], 32)
    if fingerprint:
        need(bytes.fromhex("".join(c for c in fingerprint if c not in " \n-:").lower()) == root, "it is from another programme")
    listed = {f["path"]: f for f in manifest["files"]}
    need([f["path"] for f in manifest["files"]] == sorted(listed), "a file is listed twice, or out of place")
    need(set(files) == set(listed) | {"manifest.json", "manifest.sig.json"}, "the manifest lists other files than there are")
    for path, f in listed.items():
        need(f["bytes"] == len(files[path]) and unhex(f["sha256"], 32) == sha256(files[path]), f"{path} is not the listed file")

    charters, previous = [], bytes(32)
    for path in sorted(p for p in files if p.startswith("charters/")):
        need(path == "charters/%04d.note" % (len(charters) + 1), f"{path} is out of place")
        c = json.loads(note(files[path], manifest["programme"] + "/charter", root))
        need(c["version"] == len(charters) + 1 and unhex(c["previous"], 32) == previous, f"{path} is out of place")
        need(c["programme_id"] == manifest["programme"], f"{path} is another programme's")
        previous = digest("subrosa/charter/v1", files[path])
        charters.append(c)
    officers = spans(charters)

    seal = json.loads(files["manifest.sig.json"])
    need(seal["holder"] == manifest["made_by"], "somebody else signed")
    newest = {digest("subrosa/holder-id/v1", unhex(o["keys"]["sign"], 32))[:16].hex(): o for o in charters[-1]["officers"]}
    need(seal["holder"] in newest, "not signed by an officer of the newest charter")
    maker = newest[seal["holder"]]
    signed(unhex(maker["keys"]["sign"], 32), domain("subrosa/sig/dossier/v1", files["manifest.json"]),
           unhex(seal["signature"], 64), "the signature of the manifest is not valid")

    log = charters[-1]["log"]
    key = base64.b64decode(log["key"].split("+", 2)[2])
    origin, size, tree, *_ = note(files["receipts/checkpoint.note"], log["origin"], key[1:]).split("\n")
    need(origin == log["origin"], "the checkpoint is another log's")
    in_log = []
    for r in json.loads(files["receipts/charters.json"]):
        need(not in_log or in_log[-1] < r["version"], "the proofs do not ascend")
        charter = digest("subrosa/charter/v1", files["charters/%04d.note" % r["version"]])
        leaf = digest("subrosa/leaf/v1", bytes([LEAF_CHARTER]), bytes(32), charter)
        proven(sha256(b"\x00" + leaf), r["index"], int(size), [unhex(h, 32) for h in r["proof"]], base64.b64decode(tree))
        in_log.append(r["version"])

    journal = json.loads(files["journal.json"])
    need(journal["journal"] == manifest["case"], "the journal is another case's")
    head, shown, added, written, found, left_out = bytes(32), 0, {}, {}, set(), []
    for seq, e in enumerate(journal["entries"]):
        why = e["redacted"]
        need(e["seq"] == seq and (e["event"] is None) != (why is None), f"entry {seq} is out of place")
        need(why is None or why in LEFT_OUT, f"entry {seq} is left out without a known reason")
        need((why in WITH_DETAIL) == (e["detail"] is not None), f"entry {seq} has a detail without its reason")
        need(why != "recusal" or unhex(e["detail"], 16) in officers, f"who stepped back in entry {seq} is in no charter")
        if why is not None:
            left_out.append({"entry": seq, "reason": why, "detail": e["detail"]})
        if e["event"] is not None:
            author, said = event(base64.b64decode(e["event"], validate=True), unhex(journal["journal"], 32), seq, head, officers)
            name, content = next(iter(said.items())) if isinstance(said, dict) else (said, None)
            if name == "evidence-added":
                added[seq] = content["sha256"].hex()
            if name == "proposed" and isinstance(content, dict) and content.keys() & {"substantiate", "close-unsubstantiated"}:
                written[seq] = author
            if name == "confirmed" and written.get(content["proposal"], author) != author:
                found.add(content["proposal"])
                del written[content["proposal"]]
            shown += 1
        head = digest("subrosa/journal-head/v1", head, base64.b64decode(e["sealed"], validate=True))
    need(head.hex() == journal["head"], "the chain of entries does not lead to its head")

    evidence = json.loads(files["evidence.json"])
    items = [e["item"] for e in evidence]
    need(items == sorted(set(items)) and set(added) <= set(items), "a piece of evidence is missing or out of place")
    for e in evidence:
        need(added.get(e["item"], e["original_sha256"]) == e["original_sha256"], "a digest is not the one in the journal")
        need(e["not_enclosed"] is None or e["not_enclosed"] in NOT_ENCLOSED, "a piece is left out without a known reason")
        need((e["enclosed"] is None) != (e["not_enclosed"] is None), "a piece is neither enclosed nor left out with a reason")
        need((e["enclosed"] is None) == (e["enclosed_sha256"] is None), "a piece has a digest without a file")
        if e["enclosed"] is None:
            left_out.append({"evidence": e["item"], "reason": e["not_enclosed"], "readers": e["readers"]})
        else:
            need(e["enclosed"].startswith("evidence/%04d." % e["item"]), f"{e['enclosed']} is not this piece's file")
            need(e["enclosed_sha256"] == sha256(files[e["enclosed"]]).hex(), f"{e['enclosed']} is not the enclosed file")
    need(json.loads(files["redactions.json"]) == left_out, "redactions.json is not what the other files leave out")
    last = -1
    for w in json.loads(files.get("words.json", b"[]")):
        need(last < w["entry"] < len(journal["entries"]), "words are out of place")
        need(journal["entries"][w["entry"]]["redacted"] == WORDS.get(w["from"]), "words of an entry that is not left out for its words")
        last = w["entry"]
    known = FILES | {"words.json"} | {e["enclosed"] for e in evidence} | {p for p in files if p.startswith("charters/")}
    need(FILES <= set(files) <= known, "a file is missing, or one is there that no dossier has")
    return {"verified": True, "programme": manifest["programme"], "case": manifest["case"], "made_by": maker["name"],
            "charters": len(charters), "charters_in_log": len(in_log), "entries": len(journal["entries"]), "entries_shown": shown,
            "findings": len(found), "findings_of_one": len(written),
            "evidence": len(evidence), "files": sum(e["enclosed"] is not None for e in evidence)}


if __name__ == "__main__":
    try:
        with open(sys.argv[1], "rb") as f:
            print(json.dumps(verify(f.read(), " ".join(sys.argv[2:]))))
    except (Wrong, KeyError, ValueError, IndexError, TypeError) as e:
        print(f"this dossier does not verify: {e}", file=sys.stderr)
        sys.exit(1)
