/** The SVG as a file of its own that an `<img>` can show: well-formed XML with a size. Raises when it is no SVG. */
export function standalone(markup: string): string {
  // A document that is never shown: nothing in it runs or loads.
  const svg = new DOMParser().parseFromString(markup, "text/html").querySelector("svg");
  if (!svg) throw new Error("no SVG");
  const [, , width = 0, height = 0] =
    svg
      .getAttribute("viewBox")
      ?.split(/[\s,]+/)
      .map(Number) ?? [];
  if (width > 0 && height > 0) {
    svg.setAttribute("width", String(Math.ceil(width)));
    svg.setAttribute("height", String(Math.ceil(height)));
  }
  return new XMLSerializer().serializeToString(svg);
}
