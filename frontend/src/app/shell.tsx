import { Menu as MenuIcon } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Link, useSearch } from "wouter";
import { Logo } from "@/app/logo";
import styles from "@/app/shell.module.css";
import { Sidebar } from "@/app/sidebar";
import { IconButton } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Sheet } from "@/components/ui/sheet";
import { ROUTES } from "@/config/paths";
import { PHONE, useMediaQuery } from "@/hooks/use-media-query";
import { useOnline } from "@/hooks/use-online";
import { useT } from "@/i18n/language";

interface ShellProps {
  conversationId: string | null;
  isLibrary: boolean;
  children: ReactNode;
}

/** Conversations on the left, the page on the right; on a phone they are a sheet. */
export function Shell({ conversationId, isLibrary, children }: ShellProps) {
  const t = useT();
  const search = useSearch();
  const [courseId, setCourseId] = useState<string | null>(null);
  const sidebar = <Sidebar {...{ conversationId, isLibrary, courseId }} onCourse={setCourseId} />;
  const isOnline = useOnline();
  const isPhone = useMediaQuery(PHONE);
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#chat">
        {t("app.skip")}
      </a>
      {isPhone ? (
        <SidebarSheet key={`${conversationId}${isLibrary}${search}`}>{sidebar}</SidebarSheet>
      ) : (
        <nav className={styles.sidebar} aria-label={t("list.title")}>
          <Link href={ROUTES.home} className={styles.brand}>
            <Logo />
            {t("app.name")}
          </Link>
          {sidebar}
        </nav>
      )}
      <main
        id="chat"
        className={styles.main}
        tabIndex={-1}
        aria-label={t(isLibrary ? "library.title" : "chat.region")}
      >
        {!isOnline && <Notice>{t("app.offline")}</Notice>}
        {children}
      </main>
    </div>
  );
}

/** Its key is the open page: choosing another one closes it. */
function SidebarSheet({ children }: { children: ReactNode }) {
  const t = useT();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <IconButton
        className={styles.menu ?? ""}
        label={t("list.open")}
        icon={<MenuIcon aria-hidden />}
        aria-expanded={isOpen}
        onClick={() => setOpen(true)}
      />
      {isOpen && (
        <Sheet
          side="left"
          title={t("app.name")}
          closeLabel={t("common.close")}
          onClose={() => setOpen(false)}
        >
          {children}
        </Sheet>
      )}
    </>
  );
}
