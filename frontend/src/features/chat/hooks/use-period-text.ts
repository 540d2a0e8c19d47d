import { monthOf, type Period } from "@/features/chat/state/group-by-time";
import { useLanguage, useT } from "@/i18n/language";

/** The name of a group of conversations: today, or a month by its name. */
export function usePeriodText(): (period: Period) => string {
  const t = useT();
  const format = new Intl.DateTimeFormat(useLanguage(), { month: "long", year: "numeric" });
  return (period) => {
    if (period === "today" || period === "yesterday" || period === "week") return t(`list.${period}`);
    const name = format.format(monthOf(period));
    return name.charAt(0).toLocaleUpperCase() + name.slice(1);
  };
}
