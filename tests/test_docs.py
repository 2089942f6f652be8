"""The pages of the repository: what they link to and show is there, and every walk is found from the list of walks."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))


def kept():
    """The files a clone has."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return {(ROOT / line).resolve() for line in listed.splitlines()}


def anchors(page):
    """The anchors of a page's headings, made the way a reader of Markdown makes them."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in HEADING.findall(page.read_text())}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_and_picture_leads_somewhere(page):
    files, broken = kept(), []
    for link in LINK.findall(page.read_text()):
        if link.startswith(("http://", "https://")):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        is_there = target in files or any(target in file.parents for file in files)
        if not is_there or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_every_walk_is_listed_and_every_picture_of_a_walk_is_shown():
    walks = ROOT / "docs" / "walks"
    listed = (walks / "README.md").read_text()
    assert [page.name for page in walks.glob("*.md") if page.name != "README.md" and page.name not in listed] == []
    text = "".join(page.read_text() for page in PAGES)
    assert [picture.name for picture in walks.glob("*.png") if picture.name not in text] == []
