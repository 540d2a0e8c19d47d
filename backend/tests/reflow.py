"""Whether a screen fits: all of it in the window, nothing to be scrolled sideways, and large enough for a finger."""

from playwright.sync_api import Page

STRAYS = """() => {
  const box = (element) => element.getBoundingClientRect();
  const isClipped = (element) => {
    for (let above = element.parentElement; above && above !== document.body; above = above.parentElement) {
      // Within a box that scrolls or cuts, and itself keeps within the window.
      if (getComputedStyle(above).overflowX !== "visible" && above.id !== "root") return true;
    }
    return false;
  };
  return [...document.querySelectorAll("body *")]
    .filter((element) => {
      const { left, right, width, height } = box(element);
      const isShown = width > 1 && height > 1 && element.checkVisibility({ opacityProperty: true });
      return isShown && (left < -1 || right > innerWidth + 1) && !isClipped(element);
    })
    .map((element) => `${element.tagName}.${element.className} ${element.textContent.slice(0, 40)}`);
}"""
SIDEWAYS = """() => [...document.querySelectorAll("body, body *")]
  .filter((element) => {
    const { overflowX } = getComputedStyle(element);
    const scrolls = overflowX === "auto" || overflowX === "scroll" || element === document.body;
    return scrolls && element.scrollWidth > element.clientWidth + 1;
  })
  .map((element) => `${element.tagName}.${element.className}`)
  // A table, code, a formula, and a row of chips scroll in a box of their own: the page does not.
  .filter((name) => !/(table|code|display|bar|PRE)/i.test(name))"""
# A link within a line of text may be as high as the line: WCAG 2.5.8.
SMALL = """(least) => [...document.querySelectorAll("a, button, summary, select, input, textarea, [role^=menuitem]")]
  .filter((element) => {
    // A field is touched in its frame.
    const place = element.closest("label") ?? (element.matches("input, textarea") ? element.parentElement : element);
    const { width, height, bottom } = place.getBoundingClientRect();
    const isInline = getComputedStyle(place).display === "inline" || element.matches("p :is(a, button)");
    const isShown = width > 1 && height > 1 && bottom > 0 && element.checkVisibility();
    return isShown && !isInline && (height < least - 0.5 || width < least - 0.5);
  })
  .map((element) => `${element.tagName}.${element.className} ${element.ariaLabel ?? element.textContent}`)"""
TOUCH_PX = 44
NARROW = {"width": 320, "height": 640}


def strays(page: Page) -> list[str]:
    """Elements that are out of the window, and boxes that must be scrolled sideways to read them."""
    return [*page.evaluate(STRAYS), *page.evaluate(SIDEWAYS)]


def small_targets(page: Page) -> list[str]:
    """What is too small for a finger."""
    return list(page.evaluate(SMALL, TOUCH_PX))
