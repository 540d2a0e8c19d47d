import { Link } from "wouter";
import { focusPage } from "@/app/focus-page";
import { Logo } from "@/app/logo";
import styles from "@/app/shared-page.module.css";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Skeleton } from "@/components/ui/skeleton";
import { ROUTES } from "@/config/paths";
import { usePlaceText } from "@/features/documents/hooks/use-place-text";
import { useShared } from "@/features/sharing/api/get-shared";
import { SharedMessage } from "@/features/sharing/components/shared-message";
import { useErrorText } from "@/hooks/use-error-text";
import { useMomentText } from "@/hooks/use-moment-text";
import { useT } from "@/i18n/language";
import { ApiProblem } from "@/lib/errors";

/** A conversation as whoever has its link may read it: it needs no account, and nothing can be changed. */
export function SharedPage({ token }: { token: string }) {
  const t = useT();
  const shared = useShared(token);
  const title = shared.data?.pages[0]?.title ?? "";
  return (
    <div className={styles.scroll}>
      <title>{title ? `${title} – ${t("app.name")}` : t("app.name")}</title>
      <meta name="robots" content="noindex" />
      <div className={styles.column}>
        <header className={styles.head}>
          <Link href={ROUTES.home} className={styles.brand}>
            <Logo />
            {t("app.name")}
          </Link>
        </header>
        <main tabIndex={-1} ref={focusPage} className={styles.main}>
          {shared.isPending ? (
            <Skeleton label={t("common.loading")} lines={[50, 92, 86, 95, 60]} />
          ) : shared.data ? (
            <Messages shared={shared} />
          ) : (
            <NotShown shared={shared} />
          )}
        </main>
        <footer className={styles.foot}>
          <p>{t("shared.made")}</p>
          <Link href={ROUTES.home}>{t("shared.begin")}</Link>
        </footer>
      </div>
    </div>
  );
}

type Shared = ReturnType<typeof useShared>;

function Messages({ shared }: { shared: Shared }) {
  const t = useT();
  const errorText = useErrorText();
  const placeText = usePlaceText();
  const momentText = useMomentText();
  const pages = shared.data?.pages ?? [];
  const [first] = pages;
  return (
    <>
      <h1 className={styles.title} dir="auto">
        {first?.title || t("list.untitled")}
      </h1>
      <p className={styles.notice}>{first && t("shared.notice", { time: momentText(first.updated_at) })}</p>
      <div className={styles.messages}>
        {pages.flatMap(({ messages }) =>
          messages.map((message) => <SharedMessage key={message.id} {...{ message, placeText }} />),
        )}
      </div>
      {shared.isFetchNextPageError && <Notice tone="danger">{errorText(shared.error)}</Notice>}
      {shared.hasNextPage && (
        <Button disabled={shared.isFetchingNextPage} onClick={() => void shared.fetchNextPage()}>
          {t("shared.more")}
        </Button>
      )}
    </>
  );
}

/** The link is not good any more, or its line was cut. */
function NotShown({ shared }: { shared: Shared }) {
  const t = useT();
  const errorText = useErrorText();
  const { error } = shared;
  if (error instanceof ApiProblem && [404, 422].includes(error.problem.status)) {
    return (
      <div className={styles.gone}>
        <h1 className={styles.title}>{t("shared.gone")}</h1>
        <p>{t("shared.goneHint")}</p>
      </div>
    );
  }
  return (
    <Notice tone="danger" action={<Button onClick={() => void shared.refetch()}>{t("common.retry")}</Button>}>
      {t("shared.failed")} {errorText(error)}
    </Notice>
  );
}
