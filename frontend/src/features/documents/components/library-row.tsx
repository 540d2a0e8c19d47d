import { useState } from "react";
import { Notice } from "@/components/ui/notice";
import { TitleField } from "@/components/ui/title-field";
import { FILENAME_MAX_CHARS } from "@/config/limits";
import { useChangeDocument, useDeleteDocument } from "@/features/documents/api/change-document";
import { DocumentActions } from "@/features/documents/components/document-actions";
import { KindIcon } from "@/features/documents/components/kind-icon";
import styles from "@/features/documents/components/library.module.css";
import { ReadingState } from "@/features/documents/components/reading-state";
import { useErrorText } from "@/hooks/use-error-text";
import { useLanguage, useT } from "@/i18n/language";
import { formatBytes } from "@/lib/format-bytes";
import type { Course, StudyDocument } from "@/types/wire";

export interface LibraryRowProps {
  document: StudyDocument;
  courses: Course[];
  /** The course that is said above; that of other files is said with each. */
  courseId: string | null;
  /** Among what a search finds there is no room for details. */
  isBrief?: boolean;
  onOpen: (document: StudyDocument) => void;
  /** Begins a chat about it. */
  onAsk: (document: StudyDocument) => void;
  /** It has another course, or is gone. */
  onMoved: () => void;
}

/** A file of the library: what it is, what was read of it, and what can be done with it. */
export function LibraryRow({
  document,
  courses,
  isBrief,
  onOpen,
  onAsk,
  onMoved,
  ...place
}: LibraryRowProps) {
  const t = useT();
  const errorText = useErrorText();
  const change = useChangeDocument();
  const remove = useDeleteDocument();
  const [isRenaming, setRenaming] = useState(false);
  const { id, filename } = document;
  const shown = change.isPending ? (change.variables.filename ?? filename) : filename;
  const error = change.error ?? remove.error;
  return (
    <li className={styles.row} aria-busy={remove.isPending}>
      <span className={styles.icon}>
        <KindIcon kind={document.kind} />
      </span>
      <div className={styles.about}>
        {isRenaming ? (
          <TitleField
            label={t("library.nameField")}
            title={filename}
            maxChars={FILENAME_MAX_CHARS}
            onCancel={() => setRenaming(false)}
            onSave={(next) => {
              setRenaming(false);
              change.mutate({ id, filename: next });
            }}
          />
        ) : (
          <FileName name={shown} onOpen={document.state === "ready" ? () => onOpen(document) : null} />
        )}
        <Facts document={document} courses={courses} courseId={place.courseId} />
        {!(isBrief && document.state === "ready") && <ReadingState document={document} />}
        {!isBrief && <Notes document={document} />}
        {error && <Notice tone="danger">{errorText(error)}</Notice>}
      </div>
      <DocumentActions
        document={document}
        courses={courses}
        onAsk={() => onAsk(document)}
        onRename={() => setRenaming(true)}
        onMove={(course_id) => change.mutate({ id, course_id }, { onSuccess: onMoved })}
        onDelete={() => remove.mutate(id, { onSuccess: onMoved })}
      />
    </li>
  );
}

function FileName({ name, onOpen }: { name: string; onOpen: (() => void) | null }) {
  return (
    <h3 className={styles.name}>
      {onOpen ? (
        <button type="button" title={name} onClick={onOpen}>
          <bdi>{name}</bdi>
        </button>
      ) : (
        <span title={name}>
          <bdi>{name}</bdi>
        </span>
      )}
    </h3>
  );
}

function Facts({ document, courses, courseId }: Pick<LibraryRowProps, "document" | "courses" | "courseId">) {
  const t = useT();
  const language = useLanguage();
  const date = new Intl.DateTimeFormat(language, { dateStyle: "medium" });
  const course = courses.find(({ id }) => id === document.course_id && id !== courseId)?.name;
  const facts = [
    ...(isKind(document.kind) ? [t(`library.kind.${document.kind}`)] : []),
    formatBytes(document.size_bytes, language),
    ...(course ? [course] : []),
    date.format(new Date(document.created_at)),
  ];
  return <p className={styles.facts}>{facts.join(" · ")}</p>;
}

const KINDS = [
  "pdf",
  "docx",
  "pptx",
  "xlsx",
  "odt",
  "epub",
  "html",
  "markdown",
  "text",
  "csv",
  "code",
  "image",
] as const;

function isKind(kind: string): kind is (typeof KINDS)[number] {
  return KINDS.some((known) => known === kind);
}

/** What else there is to know of how it is read, for who wants to know it. */
function Notes({ document }: { document: StudyDocument }) {
  const t = useT();
  const languageName = useLanguageName();
  if (document.state !== "ready") return null;
  const isUnready = document.meaning_percent < 100 && document.characters > 0;
  const details = [
    ...document.notes,
    t("library.characters", { n: document.characters }),
    ...(document.language ? [t("library.language", { name: languageName(document.language) })] : []),
    t(document.fits_whole ? "library.whole" : "library.byPassages"),
    ...(isUnready ? [t("library.meaning", { percent: document.meaning_percent })] : []),
  ];
  return (
    <details className={styles.details}>
      <summary>
        {document.notes.length > 0 ? t("library.notes", { n: document.notes.length }) : t("library.details")}
      </summary>
      <ul>
        {details.map((detail) => (
          <li key={detail}>{detail}</li>
        ))}
      </ul>
    </details>
  );
}

/** The name of a language by its code, in the language of the page. */
function useLanguageName(): (code: string) => string {
  const names = new Intl.DisplayNames(useLanguage(), { type: "language", fallback: "code" });
  return (code) => {
    try {
      return names.of(code) ?? code;
    } catch {
      return code;
    }
  };
}
