"""Known vulnerabilities of what the image holds, from pip-audit's JSON, and what was looked up.

pip-audit passes over a package that its data does not know and exits 0; "none found" would then
mean "none looked up". Exit 1: a package has a known vulnerability. Exit 0 otherwise, with words on
what could not be looked up.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def verdict(report: dict[str, list[dict[str, object]]]) -> tuple[int, str]:
    """The exit code and the words for a report."""
    packages = report.get("dependencies", [])
    passed_over = [each for each in packages if "skip_reason" in each]
    vulnerable = [each for each in packages if each.get("vulns")]
    looked_up = len(packages) - len(passed_over)
    lines = [f"audit: {looked_up} of {len(packages)} packages were looked up"]
    if not looked_up:
        lines.append("audit: the vulnerability data is out of reach from here; NOTHING is proven")
    for each in vulnerable:
        ids = ", ".join(sorted(found["id"] for found in each["vulns"]))  # type: ignore[index,attr-defined]
        lines.append(f"audit: {each['name']} {each['version']}: {ids}")
    return (1 if vulnerable else 0), "\n".join(lines)


def main(path: str) -> int:
    """Read the report at `path`; no readable report: said, exit 0, as nothing was looked up."""
    try:
        report = json.loads(Path(path).read_text())
    except (OSError, ValueError):
        print("audit: the vulnerability data is out of reach from here; NOTHING is proven")
        return 0
    code, words = verdict(report)
    print(words)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
