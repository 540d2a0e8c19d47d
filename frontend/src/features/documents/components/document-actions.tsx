import { Download, Ellipsis, MessageSquareText, Pencil, Trash2 } from "lucide-react";
import { useRef, useState } from "react";
import { IconButton } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Menu, MenuChoice, MenuItem } from "@/components/ui/menu";
import { API } from "@/config/paths";
import styles from "@/features/documents/components/library.module.css";
import { useT } from "@/i18n/language";
import type { Course, StudyDocument } from "@/types/wire";

interface DocumentActionsProps {
  document: StudyDocument;
  courses: Course[];
  onAsk: () => void;
  onRename: () => void;
  onMove: (courseId: string | null) => void;
  onDelete: () => void;
}

/** The next step of the loop as a button, all else in a menu. */
export function DocumentActions(props: DocumentActionsProps) {
  const t = useT();
  const { document, onAsk, onDelete } = props;
  const [isDeleting, setDeleting] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const keep = () => {
    setDeleting(false);
    requestAnimationFrame(() => button.current?.focus());
  };
  return (
    <div className={styles.actions}>
      {document.state !== "failed" && (
        <IconButton
          label={t("library.ask", { name: document.filename })}
          icon={<MessageSquareText aria-hidden />}
          onClick={onAsk}
        />
      )}
      <Menu
        trigger={
          <IconButton
            ref={button}
            label={t("list.actions", { title: document.filename })}
            icon={<Ellipsis aria-hidden />}
          />
        }
      >
        <ActionItems {...props} onDelete={() => setDeleting(true)} />
      </Menu>
      {isDeleting && (
        <ConfirmDialog
          title={t("library.deleteTitle")}
          text={t("library.deleteText", { name: document.filename })}
          confirmLabel={t("list.delete")}
          cancelLabel={t("common.cancel")}
          onCancel={keep}
          onConfirm={() => {
            setDeleting(false);
            onDelete();
          }}
        />
      )}
    </div>
  );
}

function ActionItems({ document, courses, onAsk, onRename, onMove, onDelete }: DocumentActionsProps) {
  const t = useT();
  return (
    <>
      {document.state !== "failed" && (
        <MenuItem icon={<MessageSquareText aria-hidden />} onSelect={onAsk}>
          {t("library.askThis")}
        </MenuItem>
      )}
      <MenuItem icon={<Pencil aria-hidden />} onSelect={onRename}>
        {t("list.rename")}
      </MenuItem>
      {document.has_file && (
        <MenuItem icon={<Download aria-hidden />} onSelect={() => download(document)}>
          {t("library.download")}
        </MenuItem>
      )}
      {courses.length > 0 && (
        <MenuChoice
          label={t("library.move")}
          value={document.course_id ?? ""}
          options={[
            { value: "", label: t("courses.none") },
            ...courses.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={(value) => onMove(value || null)}
        />
      )}
      <MenuItem icon={<Trash2 aria-hidden />} tone="danger" onSelect={onDelete}>
        {t("list.delete")}
      </MenuItem>
    </>
  );
}

/** By a link of its own: the page stays, whatever the gateway answers. */
function download({ id, filename }: StudyDocument): void {
  const link = window.document.createElement("a");
  link.href = API.documentFile(id);
  link.download = filename;
  link.click();
}
