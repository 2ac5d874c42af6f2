"""The report in a real browser: no error, no request, usable at 360 pixels, with and without script."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from report_html.report_inputs import report

playwright = pytest.importorskip("playwright.sync_api", reason="needs the Python package playwright")
CHROMIUM = shutil.which("chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="needs the browser chromium on PATH"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as session:
        opened = session.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(report(), encoding="utf-8")
    return Path(file).as_uri()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_opens_from_disk_without_an_error_or_a_request(browser: Any, address: str, scheme: str) -> None:
    page = browser.new_page(color_scheme=scheme)
    told: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)

    assert told == []
    assert asked == [address]
    page.close()


def test_the_page_is_not_wider_than_a_small_phone(browser: Any, address: str) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.goto(address)

    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.close()


def test_text_stands_out_from_its_ground_in_light_and_dark(browser: Any, address: str) -> None:
    """At least 4.5 to 1 (WCAG 2.2, 1.4.3) for text, soft text, links and badges, and for text of the diagram."""
    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme=scheme)
        page.goto(address)
        assert page.evaluate(CONTRAST) == []
        page.close()


def test_without_script_everything_can_be_opened(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.locator("#resources summary").first.click()

    assert page.locator("#resources tbody tr").first.is_visible()
    assert page.locator("input").count() == 0
    context.close()


def test_a_link_to_a_resource_opens_the_list_it_stands_in(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    link = page.locator("#findings a[href^='#r']").first
    goal = link.get_attribute("href")
    link.click()

    row = page.locator(f"tr{goal}")
    row.wait_for(state="visible", timeout=5000)
    assert row.is_visible()
    page.close()


def test_rows_can_be_filtered(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    page.locator("#cost summary").first.click()
    page.locator("#cost input").first.fill("feature group")

    shown = page.locator("#cost table.filterable tbody tr:visible")
    assert shown.count() == 3
    page.close()


def test_the_keyboard_reaches_every_chapter(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    reached = []
    for _ in range(9):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.getAttribute('href')"))

    assert reached == [
        f"#{name}"
        for name in (
            "architecture", "cost", "findings", "frameworks", "controls", "decisions", "answers", "resources", "basis",
        )
    ]  # fmt: skip
    page.close()


def test_print_shows_what_was_folded(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")

    assert page.locator("details:not([open])").count() == 0
    page.close()


CONTRAST = """() => {
  const parse = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const curve = value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const channel = value => curve(value / 255);
  const light = rgb => 0.2126 * channel(rgb[0]) + 0.7152 * channel(rgb[1]) + 0.0722 * channel(rgb[2]);
  const ground = at => {
    for (; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  document.querySelectorAll("details").forEach(part => { part.open = true; });
  const bad = new Set();
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
    if (!own || ["SCRIPT", "STYLE", "TITLE", "title", "desc", "style"].includes(element.tagName)) continue;
    const drawn = element.closest("svg");
    const style = getComputedStyle(element);
    const ink = parse(drawn ? style.fill : style.color);
    const box = element.closest(".mkd-box");
    const back = box ? parse(getComputedStyle(box.querySelector("rect")).fill) : ground(element);
    const [high, low] = [light(ink), light(back)].sort((a, b) => b - a);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < 4.5) bad.add(`${element.tagName}.${element.getAttribute("class")} ${ratio.toFixed(2)}`);
  }
  return [...bad].sort();
}"""
