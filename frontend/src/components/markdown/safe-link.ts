const ALLOWED = new Set(["http:", "https:", "mailto:"]);

/** The address if a click on it can do no harm, else null (also for relative ones: they would point into this page). */
export function safeLink(href: string): string | null {
  try {
    const url = new URL(href);
    return ALLOWED.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}
