import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Section } from "@/components/ui/section";
import sectionStyles from "@/components/ui/section.module.css";
import { Skeleton } from "@/components/ui/skeleton";
import { ROUTES } from "@/config/paths";
import { useShares } from "@/features/sharing/api/list-shares";
import { useStopShare } from "@/features/sharing/api/share";
import styles from "@/features/sharing/components/shares-section.module.css";
import { useErrorText } from "@/hooks/use-error-text";
import { useMomentText } from "@/hooks/use-moment-text";
import { useT } from "@/i18n/language";
import type { SharedConversation } from "@/types/wire";

/** All that others can read by a link, each with the way to end it. */
export function SharesSection() {
  const t = useT();
  const errorText = useErrorText();
  const shares = useShares();
  const stop = useStopShare();
  const error = stop.error ?? shares.error;
  return (
    <Section title={t("shares.title")} intro={t(shares.data?.length === 0 ? "shares.none" : "shares.intro")}>
      {shares.isPending && <Skeleton label={t("common.loading")} lines={[65]} />}
      {error && <Notice tone="danger">{errorText(error)}</Notice>}
      {shares.data && shares.data.length > 0 && (
        // biome-ignore lint/a11y/noRedundantRoles: Safari forgets the role of a list without bullets
        <ul role="list" className={sectionStyles.list}>
          {shares.data.map((shared) => (
            <Row
              key={shared.share.token}
              shared={shared}
              isStopping={stop.isPending && stop.variables === shared.conversation.id}
              onStop={() => stop.mutate(shared.conversation.id)}
            />
          ))}
        </ul>
      )}
    </Section>
  );
}

interface RowProps {
  shared: SharedConversation;
  isStopping: boolean;
  onStop: () => void;
}

function Row({ shared: { share, conversation }, isStopping, onStop }: RowProps) {
  const t = useT();
  const momentText = useMomentText();
  const title = conversation.title || t("list.untitled");
  return (
    <li className={sectionStyles.row}>
      <span className={sectionStyles.name}>
        <a
          className={styles.link}
          href={ROUTES.shared(share.token)}
          aria-label={t("shares.openNamed", { title })}
          dir="auto"
        >
          {title}
        </a>
        <span className={sectionStyles.detail}>
          {t("share.shows", { n: share.messages, time: momentText(share.updated_at) })}
        </span>
      </span>
      <Button aria-label={t("shares.stopNamed", { title })} aria-disabled={isStopping} onClick={onStop}>
        {t("share.stop")}
      </Button>
    </li>
  );
}
