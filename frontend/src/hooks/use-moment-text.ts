import { useLanguage } from "@/i18n/language";

/** A day and its time in the language of the page, from a time in RFC 3339 or milliseconds since 1970. */
export function useMomentText(): (time: string | number) => string {
  const format = new Intl.DateTimeFormat(useLanguage(), { dateStyle: "medium", timeStyle: "short" });
  return (time) => format.format(new Date(time));
}
