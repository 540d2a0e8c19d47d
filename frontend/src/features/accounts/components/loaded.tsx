import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Skeleton } from "@/components/ui/skeleton";
import { useFailureText } from "@/features/accounts/hooks/use-form-errors";
import { useT } from "@/i18n/language";

interface LoadedProps<Data> {
  query: UseQueryResult<Data>;
  /** The shape of what is loading: the width of each line in percent. */
  lines: number[];
  children: (data: Data) => ReactNode;
}

/** What a query brings, or that it is on its way, or why it is not here. */
export function Loaded<Data>({ query, lines, children }: LoadedProps<Data>) {
  const t = useT();
  const failureText = useFailureText();
  if (query.data !== undefined) return children(query.data);
  if (query.isPending) return <Skeleton label={t("common.loading")} lines={lines} />;
  return (
    <Notice tone="danger" action={<Button onClick={() => void query.refetch()}>{t("common.retry")}</Button>}>
      {failureText(query.error)}
    </Notice>
  );
}

/** What a button's failed call has to say, if anything. */
export function Failure({ of: error }: { of: unknown }) {
  const text = useFailureText()(error);
  return text ? <Notice tone="danger">{text}</Notice> : null;
}
