import { Menu as MenuIcon, PanelLeft } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Link, useSearch } from "wouter";
import { LineNotices } from "@/app/line-notices";
import { Logo } from "@/app/logo";
import styles from "@/app/shell.module.css";
import { Sidebar } from "@/app/sidebar";
import { useConversationSteps } from "@/app/use-conversation-steps";
import { IconButton } from "@/components/ui/button";
import { Sheet } from "@/components/ui/sheet";
import { ROUTES } from "@/config/paths";
import { runCommand, useCommand } from "@/hooks/use-command";
import { PHONE, useMediaQuery } from "@/hooks/use-media-query";
import { usePreference } from "@/hooks/use-preference";
import { useT } from "@/i18n/language";
import { firstKeys } from "@/lib/chords";

export type Place = "chat" | "library" | "settings";

interface ShellProps {
  conversationId: string | null;
  place: Place;
  children: ReactNode;
}

const NAMES = { chat: "chat.region", library: "library.title", settings: "settings.title" } as const;

/** Conversations on the left, the page on the right; on a phone they are a sheet. */
export function Shell({ conversationId, place, children }: ShellProps) {
  const t = useT();
  const search = useSearch();
  const [courseId, setCourseId] = useState<string | null>(null);
  useConversationSteps(conversationId, courseId);
  const sidebar = <Sidebar {...{ conversationId, place, courseId }} onCourse={setCourseId} />;
  const isPhone = useMediaQuery(PHONE);
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#chat">
        {t("app.skip")}
      </a>
      {isPhone ? (
        <SidebarSheet key={`${conversationId}${place}${search}`}>{sidebar}</SidebarSheet>
      ) : (
        <SidebarBeside>{sidebar}</SidebarBeside>
      )}
      <main id="chat" className={styles.main} tabIndex={-1} aria-label={t(NAMES[place])}>
        <LineNotices conversationId={conversationId} />
        {children}
      </main>
    </div>
  );
}

/** It can be put away for more room to read; a button in its place brings it back. */
function SidebarBeside({ children }: { children: ReactNode }) {
  const t = useT();
  const [sidebar, setSidebar] = usePreference("sidebar");
  const isShown = sidebar === "shown";
  const toggle = () => setSidebar(isShown ? "hidden" : "shown");
  useCommand("sidebar", toggle);
  useSearchElsewhere(isShown);
  return (
    <>
      <IconButton
        className={`${styles.menu} ${isShown ? styles.beside : ""}`}
        label={t(isShown ? "list.hide" : "list.open")}
        icon={<PanelLeft aria-hidden />}
        aria-expanded={isShown}
        aria-keyshortcuts={firstKeys("sidebar")}
        onClick={toggle}
      />
      {isShown && (
        <nav className={styles.sidebar} aria-label={t("list.title")}>
          <Link href={ROUTES.home} className={styles.brand}>
            <Logo />
            {t("app.name")}
          </Link>
          {children}
        </nav>
      )}
    </>
  );
}

/** Its key is the open page: choosing another one closes it. */
function SidebarSheet({ children }: { children: ReactNode }) {
  const t = useT();
  const [isOpen, setOpen] = useState(false);
  useCommand("sidebar", () => setOpen(!isOpen));
  useSearchElsewhere(isOpen);
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

/** While the list's own search is out of sight, the palette searches. */
function useSearchElsewhere(isListShown: boolean): void {
  useCommand("search", isListShown ? null : () => runCommand("palette"));
}
