import { Check, Copy, Send } from "lucide-react";
import { useId } from "react";
import { Button } from "@/components/ui/button";
import dialog from "@/components/ui/dialog.module.css";
import { Modal } from "@/components/ui/modal";
import { Notice } from "@/components/ui/notice";
import { Skeleton } from "@/components/ui/skeleton";
import { useMakeShare, useShare, useStopShare } from "@/features/sharing/api/share";
import styles from "@/features/sharing/components/share-dialog.module.css";
import { shareAddress } from "@/features/sharing/share-address";
import { useCopy } from "@/hooks/use-copy";
import { useErrorText } from "@/hooks/use-error-text";
import { useMomentText } from "@/hooks/use-moment-text";
import { useT } from "@/i18n/language";
import { takeLostFocus } from "@/lib/lost-focus";
import type { Share } from "@/types/wire";

interface ShareDialogProps {
  conversation: { id: string; title: string };
  onClose: () => void;
}

/** Says who will see what before there is a link, and makes it, renews it, or ends it. */
export function ShareDialog({ conversation, onClose }: ShareDialogProps) {
  const t = useT();
  const id = useId();
  const errorText = useErrorText();
  const share = useShare(conversation.id);
  const make = useMakeShare(conversation.id);
  const stop = useStopShare();
  const error = make.error ?? stop.error ?? share.error;
  const isBusy = make.isPending || stop.isPending;
  return (
    <Modal className={dialog.dialog} labelledBy={`${id}-title`} describedBy={`${id}-text`} onClose={onClose}>
      <div className={dialog.content}>
        <h2 id={`${id}-title`}>{t("share.title")}</h2>
        <p id={`${id}-text`}>
          {t("share.intro")} {t("share.later")}
        </p>
        {share.isPending && <Skeleton label={t("common.loading")} lines={[100]} />}
        {share.data && (
          <Link share={share.data} title={conversation.title} onUpdate={() => !isBusy && make.mutate()} />
        )}
        <p className={styles.said} role="status">
          {make.isSuccess && share.data && t("share.updated")}
          {stop.isSuccess && !share.data && t("share.stopped")}
        </p>
        {error && <Notice tone="danger">{errorText(error)}</Notice>}
        <div className={`${dialog.actions} ${styles.actions}`}>
          {share.data && (
            <Button
              tone="danger"
              aria-disabled={isBusy}
              onClick={() => {
                make.reset();
                stop.mutate(conversation.id);
              }}
            >
              {t("share.stop")}
            </Button>
          )}
          {share.data === null && (
            <Button
              ref={takeLostFocus}
              tone="primary"
              aria-disabled={isBusy}
              onClick={() => {
                stop.reset();
                make.mutate();
              }}
            >
              {t("share.make")}
            </Button>
          )}
          <Button onClick={onClose}>{t("common.close")}</Button>
        </div>
      </div>
    </Modal>
  );
}

interface LinkProps {
  share: Share;
  title: string;
  /** Has it show the conversation as it is now. */
  onUpdate: () => void;
}

function Link({ share, title, onUpdate }: LinkProps) {
  const t = useT();
  const momentText = useMomentText();
  const [isCopied, copy] = useCopy();
  const address = shareAddress(share.token);
  return (
    <div className={styles.link}>
      <input
        readOnly
        dir="ltr"
        className={styles.address}
        aria-label={t("share.link")}
        value={address}
        onFocus={(event) => event.target.select()}
      />
      <div className={styles.give}>
        <Button
          ref={takeLostFocus}
          tone="primary"
          icon={isCopied ? <Check aria-hidden /> : <Copy aria-hidden />}
          onClick={() => copy(address)}
        >
          {t(isCopied ? "share.copied" : "share.copy")}
        </Button>
        {"share" in navigator && (
          <Button
            icon={<Send aria-hidden />}
            // Whoever closes the system's sheet has changed their mind.
            onClick={() => void navigator.share({ title, url: address }).catch(() => undefined)}
          >
            {t("share.send")}
          </Button>
        )}
        <Button onClick={onUpdate}>{t("share.update")}</Button>
      </div>
      <p className={styles.said}>
        {t("share.shows", { n: share.messages, time: momentText(share.updated_at) })}
      </p>
    </div>
  );
}
