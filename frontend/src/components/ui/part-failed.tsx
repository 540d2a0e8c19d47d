import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { useT } from "@/i18n/language";

/** Stands where a part of the page would, when the line was cut while that was fetched. */
export function PartFailed({ onRetry }: { onRetry: () => void }) {
  const t = useT();
  return (
    <Notice tone="danger" action={<Button onClick={onRetry}>{t("common.retry")}</Button>}>
      {t("app.partFailed")}
    </Notice>
  );
}
