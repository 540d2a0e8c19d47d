/** As the ref of a page's main part: a screen reader, and the Tab key, go on from where the page begins. */
export function focusPage(main: HTMLElement | null): void {
  main?.focus({ preventScroll: true });
}
