import { useLanguage } from "@/i18n/language";

/** A day in the language of the page, from seconds since 1970 or a time in RFC 3339. */
export function useDateText(): (time: number | string) => string {
  const format = new Intl.DateTimeFormat(useLanguage(), { dateStyle: "medium" });
  return (time) => format.format(new Date(typeof time === "number" ? time * 1000 : time));
}
