const DAY_MS = 24 * 60 * 60 * 1000;

/** Days from the reader's today to a day (YYYY-MM-DD); negative once it is over. */
export function daysUntil(day: string, now: Date): number {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  // In UTC all days are equally long.
  const to = Date.UTC(year, month - 1, date);
  const from = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());
  return Math.round((to - from) / DAY_MS);
}
