import type { ConversationSummary } from "@/types/wire";

export type Day = "today" | "yesterday" | "earlier";

/** Conversations in the order they came, under the day of their last change in the reader's own time zone. */
export function groupByDay(
  items: ConversationSummary[],
  now: Date,
): { day: Day; items: ConversationSummary[] }[] {
  const today = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  const dayOf = ({ updated_at }: ConversationSummary): Day => {
    const at = new Date(updated_at);
    if (at >= today) return "today";
    return at >= yesterday ? "yesterday" : "earlier";
  };
  const days: Day[] = ["today", "yesterday", "earlier"];
  return days
    .map((day) => ({ day, items: items.filter((item) => dayOf(item) === day) }))
    .filter((group) => group.items.length > 0);
}
