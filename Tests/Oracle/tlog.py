"""Checks logs with an implementation that is not ours: aics-tlog.

Usage: tlog.py FOLDER...

Each folder is a log as C2SP tlog-tiles lays it out: `checkpoint`, `tile/…`, `tile/entries/…`; and beside them
`vkey`, the verifier key, and `proofs.json`: {"inclusion": [{"index", "size", "leaf", "root", "hashes"}],
"consistency": [{"from", "to", "old", "new", "hashes"}]}, hashes in hexadecimal. Prints one line for each log and ends
with status 0 only if all of it holds.
"""

import json
import pathlib
import sys

import aics_tlog as tlog


def check(folder: pathlib.Path) -> str:
    key = tlog.parse_vkey((folder / "vkey").read_text().strip())
    note = tlog.parse_note((folder / "checkpoint").read_bytes().decode())
    result = tlog.verify_checkpoint(note, key)
    assert result.ok, f"checkpoint: {result}"
    parsed = tlog.parse_checkpoint(note.text)
    assert parsed.origin == key.name, f"origin {parsed.origin}, key {key.name}"
    reader = tlog.FileSystemTileReader(folder)
    if parsed.size > 0:
        tlog.audit_tiles(reader, parsed.size, parsed.root)
        assert tlog.tree_root_from_tiles(reader, parsed.size) == parsed.root, "root from tiles"
    else:
        assert parsed.root == tlog.EMPTY_HASH, "root of nothing"
    proofs = json.loads((folder / "proofs.json").read_text())

    def hashes(case):
        return [bytes.fromhex(text) for text in case["hashes"]]

    for case in proofs["inclusion"]:
        leaf, root = bytes.fromhex(case["leaf"]), bytes.fromhex(case["root"])
        assert tlog.verify_inclusion(leaf, case["index"], case["size"], hashes(case), root), f"inclusion {case}"
        if case["size"] == parsed.size:
            assert root == parsed.root, f"root of {case}"
            theirs = tlog.inclusion_proof_from_tiles(reader, case["index"], case["size"])
            assert list(theirs) == hashes(case), f"proof of {case}"
            assert tlog.leaf_hash(tlog.read_entry(reader, case["index"], parsed.size)) == leaf, f"entry of {case}"
    for case in proofs["consistency"]:
        old, new = bytes.fromhex(case["old"]), bytes.fromhex(case["new"])
        assert tlog.verify_consistency(case["from"], case["to"], old, new, hashes(case)), f"consistency {case}"
    return f"{parsed.size} leaves, {len(proofs['inclusion'])} + {len(proofs['consistency'])} proofs"


def main() -> int:
    failed = 0
    for name in sys.argv[1:]:
        try:
            print(f"{name}: {check(pathlib.Path(name))}")
        except Exception as error:  # whatever is wrong is what we want to read
            failed += 1
            print(f"{name}: {type(error).__name__}: {error}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
