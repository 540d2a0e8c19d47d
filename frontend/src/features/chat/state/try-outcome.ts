/** How a try of a provider ended, as a student is told it. */
export type TryOutcome = "ok" | "stopped" | "cut" | "limit" | "slow" | "away" | "refused" | "failed";

/** The worker's words for it. */
const OUTCOMES: Record<string, TryOutcome> = {
  ok: "ok",
  cancelled: "stopped",
  cut: "cut",
  garbled: "cut",
  empty: "cut",
  rate_limited: "limit",
  no_credit: "limit",
  overloaded: "limit",
  queue_full: "limit",
  timeout: "slow",
  deadline: "slow",
  connect: "away",
  open: "away",
  auth: "refused",
  filtered: "refused",
  context: "refused",
  no_model: "refused",
};

export function outcomeOf(word: string): TryOutcome {
  return Object.hasOwn(OUTCOMES, word) ? (OUTCOMES[word] ?? "failed") : "failed";
}
