const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;
const STEP = 1024;

/** 25 MB, 300 kB: rounded, in the language's own way. */
export function formatBytes(sizeBytes: number, language: string): string {
  const power = Math.min(Math.floor(Math.log(Math.max(sizeBytes, 1)) / Math.log(STEP)), UNITS.length - 1);
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit: UNITS[power] ?? "byte",
    // "288 byte" is nothing that one says.
    unitDisplay: power === 0 ? "long" : "short",
    maximumFractionDigits: 1,
  }).format(sizeBytes / STEP ** power);
}
