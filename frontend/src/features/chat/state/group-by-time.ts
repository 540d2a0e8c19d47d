import type { ConversationSummary } from "@/types/wire";

/** `today`, `yesterday`, `week` for the seven days before, then a month as `2026-01`. */
export type Period = "today" | "yesterday" | "week" | `${number}-${string}`;

export interface PeriodGroup {
  period: Period;
  items: ConversationSummary[];
}

/** Conversations in the order they came, under the time of their last change in the reader's own time zone. */
export function groupByTime(items: ConversationSummary[], now: Date): PeriodGroup[] {
  const groups: PeriodGroup[] = [];
  for (const item of items) {
    const period = periodOf(new Date(item.updated_at), now);
    const group = groups.find((each) => each.period === period);
    if (group) group.items.push(item);
    else groups.push({ period, items: [item] });
  }
  return groups;
}

function periodOf(at: Date, now: Date): Period {
  const daysAgo = (days: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() - days);
  if (at >= daysAgo(0)) return "today";
  if (at >= daysAgo(1)) return "yesterday";
  if (at >= daysAgo(7)) return "week";
  return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, "0")}`;
}

/** The first day of a month's group. */
export function monthOf(period: `${number}-${string}`): Date {
  const [year, month] = period.split("-").map(Number);
  return new Date(year ?? 0, (month ?? 1) - 1);
}
