import styles from "@/app/shell.module.css";

/** The same drawing as public/favicon.svg, in the colours of the tokens. */
export function Logo() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={styles.logo}>
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <path
        d="M9 7.5v14.2c0 1.6 1.2 2.8 2.8 2.8H23"
        fill="none"
        stroke="var(--on-accent)"
        strokeWidth="3.4"
        strokeLinecap="round"
      />
      <path
        d="M20.4 7.2l1.35 3.65 3.65 1.35-3.65 1.35-1.35 3.65-1.35-3.65-3.65-1.35 3.65-1.35z"
        fill="var(--on-accent)"
      />
    </svg>
  );
}
