import { useLanguage } from "@/i18n/language";

/** A day and its time in the language of the page, from a time in RFC 3339. */
export function useMomentText(): (time: string) => string {
  const format = new Intl.DateTimeFormat(useLanguage(), { dateStyle: "medium", timeStyle: "short" });
  return (time) => format.format(new Date(time));
}
