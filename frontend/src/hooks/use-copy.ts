import { useEffect, useState } from "react";
import { copyText } from "@/lib/copy-text";

const SHOWN_MS = 2_000;

/** Copies a text; the flag is true for a moment after it worked. */
export function useCopy(): [boolean, (text: string) => void] {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return [isCopied, (text) => void copyText(text).then(setCopied)];
}
