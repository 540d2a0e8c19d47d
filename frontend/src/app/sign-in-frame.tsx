import type { ReactNode } from "react";
import { Link } from "wouter";
import styles from "@/app/account-pages.module.css";
import { focusPage } from "@/app/focus-page";
import { Logo } from "@/app/logo";
import { ROUTES } from "@/config/paths";
import { useT } from "@/i18n/language";

interface SignInFrameProps {
  title: string;
  /** Ways to another of these pages. */
  foot?: ReactNode;
  children: ReactNode;
}

/** One narrow column: the way home, what this is, and one thing to do. */
export function SignInFrame({ title, foot, children }: SignInFrameProps) {
  const t = useT();
  return (
    <div className={styles.scroll}>
      <title>{`${title} – ${t("app.name")}`}</title>
      <div className={styles.narrow}>
        <header>
          <Link href={ROUTES.home} className={styles.brand}>
            <Logo />
            {t("app.name")}
          </Link>
        </header>
        <main className={styles.card} tabIndex={-1} ref={focusPage}>
          <h1>{title}</h1>
          {children}
        </main>
        {foot && <nav className={styles.foot}>{foot}</nav>}
      </div>
    </div>
  );
}
