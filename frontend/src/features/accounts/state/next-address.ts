/**
 * Where a visitor wanted to go before the sign-in, if that is an address of this site; else null.
 *
 * A path that begins with two slashes is none: by itself it names another site.
 */
export function nextAddress(search: string): string | null {
  const wanted = new URLSearchParams(search).get("next");
  if (!wanted) return null;
  const root = `${window.location.origin}/`;
  try {
    // As the browser reads it: without backslashes and dots, and with whatever stands before the host.
    const { href } = new URL(wanted, root);
    return href.startsWith(root) && !href.startsWith(`${root}/`) ? href : null;
  } catch {
    return null;
  }
}
