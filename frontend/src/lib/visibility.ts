/** Call back once the page has been out of sight for `graceMs`, also if it already is. Returns how to end that. */
export function onceHidden(graceMs: number, callback: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const note = () => {
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(callback, graceMs);
  };
  document.addEventListener("visibilitychange", note);
  note();
  return () => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", note);
  };
}
