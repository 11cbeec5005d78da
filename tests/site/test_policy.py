"""Pages work under the Content Security Policy, and injected code cannot run, load or send anything."""

import re
from pathlib import Path

import pytest
from browsing import open_page, wait_until
from playwright.sync_api import Browser, Route
from support import ROOT, refused_scripts

KINDS = ["", "loss/", "timeline/", "places/", "actors/sweden/", "data/", "f/sinking/", "method/", "404.html"]
HEARD = """
  self.broken = [];
  const note = (event) => broken.push([event.violatedDirective, event.blockedURI]);
  document.addEventListener("securitypolicyviolation", note);
"""
ATTACKS = """
  const page = document.querySelector("main, body");
  self.ran = [];
  const slip = (html) => page.insertAdjacentHTML("beforeend", html);
  const script = document.createElement("script");
  script.textContent = "ran.push('inline script')";
  page.append(script);
  slip(`<img src="data:," onerror="ran.push('handler')">`);
  slip(`<a id="slipped" href="javascript:ran.push('address')">x</a>`);
  document.getElementById("slipped").click();
  slip(`<iframe srcdoc="<script>parent.ran.push('frame')</script>"></iframe>`);
  slip(`<style>body { outline: 3px solid red }</style><img src="https://elsewhere.example/x.png">`);
  const base = document.createElement("base");
  base.href = "https://elsewhere.example/";
  document.head.append(base);
  fetch("https://elsewhere.example/").catch(() => {});
  slip(`<form id="sent" action="https://elsewhere.example/"></form>`);
  document.getElementById("sent").submit();
"""
# The directives that block them.
BLOCKED = [
    *("script-src-elem", "script-src-attr", "style-src-elem", "img-src", "base-uri", "connect-src", "form-action"),
]


def test_policy_lists_only_the_inline_scripts_of_the_theme() -> None:
    policy = (ROOT / "templates" / "theme" / "partials" / "policy.html").read_text()
    scripts = sorted((ROOT / "templates" / "theme" / "partials" / "javascripts").glob("*.html"))
    assert len(scripts) == 3
    texts = [file.read_text() for file in scripts]
    assert refused_scripts(policy + "".join(texts)) == []
    assert policy.count("sha256-") == sum(text.count("<script") for text in texts)
    assert "unsafe" not in policy


def test_encoding_is_declared_at_the_start_of_a_page(sites: dict[str, Path]) -> None:
    assert b'<meta charset="utf-8">' in (sites["vasa"] / "index.html").read_bytes()[:1024]


def test_every_page_has_the_policy(sites: dict[str, Path]) -> None:
    for site in sites.values():
        for file in site.rglob("*.html"):
            text = file.read_text()
            assert text.count("Content-Security-Policy") == 1, file
            assert refused_scripts(text) == [], file
            assert " style=" not in text, file


def test_all_pages_have_the_same_policy(sites: dict[str, Path]) -> None:
    """Therefore what works on one page is not blocked on another. The single file has more scripts."""
    policies = {
        re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', file.read_text())[0]
        for site in sites.values()
        for file in site.rglob("*.html")
        if file.name != "briefing.html"
    }
    assert len(policies) == 1


@pytest.mark.parametrize("opened", ["served", "from disk"])
def test_site_does_not_violate_its_policy(
    opened: str, sites: dict[str, Path], addresses: dict[str, str], browser: Browser
) -> None:
    page = browser.new_page()
    page.add_init_script(HEARD)
    site = addresses["vasa"] if opened == "served" else sites["vasa"].as_uri()
    for path in KINDS:
        if opened == "from disk":
            if path == "404.html":
                continue  # only shown by a server
            path += "index.html"
        open_page(page, f"{site}/{path}")
        if path in ("index.html", "", "f/sinking/", "f/sinking/index.html"):  # these are the same on every page
            page.locator(".search-open").click()
            page.locator("#search-words").fill("ship")
            page.locator("dialog.search li").first.wait_for()
            page.keyboard.press("Escape")
            page.locator("label[for^=__palette]:visible").click()
        assert page.evaluate("document.body.dataset.mdColorScheme") in ("slate", "default")
        assert page.evaluate("broken") == [], path
    assert page.evaluate("typeof __md_scope.href") == "string"
    page.close()


@pytest.mark.parametrize("path", ["f/sinking/", "briefing.html"])
def test_injected_code_is_blocked(path: str, addresses: dict[str, str], browser: Browser) -> None:
    page = browser.new_page()
    page.add_init_script(HEARD)
    asked: list[str] = []

    def answer(route: Route) -> None:  # answers requests that the policy allows
        asked.append(route.request.url)
        route.fulfill(body="")

    page.route("https://elsewhere.example/**", answer)
    address = addresses["treaty" if path == "briefing.html" else "vasa"]
    open_page(page, f"{address}/{path}")
    page.evaluate(ATTACKS)
    wait_until("document.querySelector('iframe').contentDocument.scripts.length", page)
    wait_until(f"{BLOCKED}.every(one => broken.some(([directive]) => directive === one))", page)
    assert page.url == f"{address}/{path}"
    assert page.evaluate("ran") == []
    assert page.evaluate("getComputedStyle(document.body).outlineStyle") == "none"
    assert page.evaluate("document.baseURI") == page.url
    assert asked == []
    page.close()
