import { Search, X } from "lucide-react";
import { type RefObject, useRef } from "react";
import { IconButton } from "@/components/ui/button";
import styles from "@/components/ui/search-field.module.css";

interface SearchFieldProps {
  label: string;
  placeholder: string;
  clearLabel: string;
  words: string;
  onWords: (words: string) => void;
  /** For a column beside the page. */
  isSmall?: boolean;
  fieldRef?: RefObject<HTMLInputElement | null>;
}

/** Words to look for; Esc and a button clear them, and the field keeps the focus. */
export function SearchField({ label, placeholder, clearLabel, words, onWords, ...rest }: SearchFieldProps) {
  const own = useRef<HTMLInputElement>(null);
  const field = rest.fieldRef ?? own;
  const clear = () => {
    onWords("");
    field.current?.focus();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: browsers of a few years ago do not know <search>
    <div
      role="search"
      aria-label={label}
      className={rest.isSmall ? `${styles.search} ${styles.small}` : styles.search}
    >
      <Search aria-hidden />
      <input
        ref={field}
        type="search"
        aria-label={label}
        placeholder={placeholder}
        enterKeyHint="search"
        value={words}
        onChange={(event) => onWords(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || !words) return;
          // The field takes this key for itself: a sheet around it stays open.
          event.preventDefault();
          event.stopPropagation();
          clear();
        }}
      />
      {words && <IconButton label={clearLabel} icon={<X aria-hidden />} onClick={clear} />}
    </div>
  );
}
