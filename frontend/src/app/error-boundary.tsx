import { Component, type ReactNode } from "react";
import styles from "@/app/chat-page.module.css";
import { Button } from "@/components/ui/button";
import { useT } from "@/i18n/language";

/** The last resort for a fault of the page itself; drafts are in storage, answers with the server. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  override render() {
    return this.state.isBroken ? <Broken /> : this.props.children;
  }
}

function Broken() {
  const t = useT();
  return (
    <main className={styles.message}>
      <h1>{t("app.broken")}</h1>
      <Button tone="primary" onClick={() => window.location.reload()}>
        {t("app.reload")}
      </Button>
    </main>
  );
}
