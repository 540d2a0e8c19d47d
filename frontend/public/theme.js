// Runs before the first paint, so that a chosen theme does not flash in the other one's colours.
// A file of its own, since the content security policy refuses inline scripts.
try {
  const theme = localStorage.getItem("lamla.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be refused (private windows): the system's theme is used.
}
