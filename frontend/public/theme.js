// Runs before the first paint, so that the page does not flash in another look than the chosen one,
// and begins in the shape of the page that is opened (src/app/first-paint.css).
// A file of its own, since the content security policy refuses inline scripts. src/config/preferences.ts has the
// same names and values; a test compares them.
{
  const shapes = [
    [/^\/$/, "beginning"],
    [/^\/c\//, "conversation"],
    [/^\/(?:account|s)(?:\/|$)/, "alone"],
    [/^/, "page"],
  ];
  const [, shape] = shapes.find(([addresses]) => addresses.test(location.pathname));
  document.documentElement.classList.add(`first-${shape}`);
}

try {
  const choices = {
    theme: ["light", "dark"],
    contrast: ["high"],
    reading: ["easy"],
    textSize: ["large", "larger"],
    motion: ["reduced"],
    letterKeys: ["off"],
    sidebar: ["hidden"],
    dataSaver: ["on", "off"],
  };
  for (const [name, values] of Object.entries(choices)) {
    const value = localStorage.getItem(`lamla.${name}`);
    if (values.includes(value)) document.documentElement.dataset[name] = value;
  }
} catch {
  // Storage may be refused (private windows): the system's look is used.
}
