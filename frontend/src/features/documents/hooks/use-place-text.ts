import { useT } from "@/i18n/language";

const UNITS = ["page", "section", "slide", "part", "picture"] as const;
const LABEL = /^(\w+) (\d+)(: .*)?$/s;

/** Where in a file something stands: "slide 3: Mitosis". The gateway's own label, where its first word is not known. */
export function usePlaceText(): (place: { label: string; page: number }) => string {
  const t = useT();
  return ({ label, page }) => {
    const [, word, number, heading = ""] = LABEL.exec(label) ?? [];
    const unit = UNITS.find((known) => known === word);
    if (unit) return t(`place.${unit}`, { n: Number(number) }) + heading;
    return label || t("page.number", { n: page });
  };
}

/** What a label says beyond the number of the page: "Mitosis" of "slide 3: Mitosis"; all of one that counts otherwise. */
export function headingOf({ label, number }: { label: string; number: number }): string {
  const [, , counted, heading = ""] = LABEL.exec(label) ?? [];
  return Number(counted) === number ? heading.slice(2) : label;
}
