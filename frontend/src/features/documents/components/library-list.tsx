import { type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Skeleton } from "@/components/ui/skeleton";
import { useDocuments } from "@/features/documents/api/list-documents";
import type { DocumentFilter } from "@/features/documents/api/query-keys";
import styles from "@/features/documents/components/library.module.css";
import { LibraryRow, type LibraryRowProps } from "@/features/documents/components/library-row";
import { UploadRow } from "@/features/documents/components/upload-row";
import type { PlaceUploads } from "@/features/documents/hooks/use-uploads";
import { useErrorText } from "@/hooks/use-error-text";
import { useT } from "@/i18n/language";

interface LibraryListProps extends Omit<LibraryRowProps, "document" | "courseId" | "isBrief"> {
  filter: DocumentFilter;
  uploads: PlaceUploads;
  /** Stands where there are no files. */
  empty: ReactNode;
}

/** So many files whose name fits stand above what is found in them. */
const NAMES_FIRST = 3;

/** Files on their way to the library, and under them those that are there. */
export function LibraryList({ filter, uploads, empty, ...row }: LibraryListProps) {
  const t = useT();
  const errorText = useErrorText();
  const list = useDocuments(filter);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const isSearch = filter.name !== "";
  const [allOf, setAllOf] = useState("");
  const isFolded = isSearch && allOf !== filter.name && items.length > NAMES_FIRST;
  if (list.isPending) {
    return <Skeleton label={t("common.loading")} lines={[55, 30, 70, 30, 60, 30]} />;
  }
  if (list.isError && items.length === 0) {
    return (
      <Notice tone="danger" action={<Button onClick={() => void list.refetch()}>{t("common.retry")}</Button>}>
        {t("library.failed")} {errorText(list.error)}
      </Notice>
    );
  }
  if (items.length === 0 && (isSearch || uploads.items.length === 0)) return empty;
  return (
    <>
      {/* biome-ignore lint/a11y/noRedundantRoles: Safari forgets the role of a list without bullets */}
      <ul role="list" className={styles.list} aria-label={t("library.files")}>
        {!isSearch &&
          uploads.items.map((upload) => (
            <UploadRow
              key={upload.id}
              upload={upload}
              onRetry={() => uploads.retry(upload.id)}
              onRemove={() => uploads.remove(upload.id)}
            />
          ))}
        {items.slice(0, isFolded ? NAMES_FIRST : undefined).map((document) => (
          <LibraryRow
            key={document.id}
            document={document}
            courseId={filter.courseId}
            isBrief={isSearch}
            {...row}
          />
        ))}
      </ul>
      {isFolded && (
        <Button tone="quiet" onClick={() => setAllOf(filter.name)}>
          {t("library.allNames")}
        </Button>
      )}
      {list.hasNextPage && !isFolded && (
        <Button tone="quiet" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t("common.more")}
        </Button>
      )}
    </>
  );
}
