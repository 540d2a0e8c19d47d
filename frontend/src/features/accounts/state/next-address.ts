/** Where a visitor wanted to go before the sign-in, if that is an address of this site; else null. */
export function nextAddress(search: string): string | null {
  const wanted = new URLSearchParams(search).get("next");
  if (!wanted) return null;
  try {
    const url = new URL(wanted, window.location.origin);
    return url.origin === window.location.origin ? `${url.pathname}${url.search}` : null;
  } catch {
    return null;
  }
}
