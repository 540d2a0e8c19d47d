import { useId } from "react";
import { Button } from "@/components/ui/button";
import dialog from "@/components/ui/dialog.module.css";
import { Modal } from "@/components/ui/modal";
import { useDeleteAccount } from "@/features/accounts/api/own-data";
import { Field } from "@/features/accounts/components/field";
import { Form } from "@/features/accounts/components/form";
import { useFormErrors } from "@/features/accounts/hooks/use-form-errors";
import { useT } from "@/i18n/language";

/** What a guest, who has no e-mail, types to confirm. */
const GUEST_WORD = "delete";

interface DeleteAccountDialogProps {
  email: string | null;
  onDeleted: () => void;
  onClose: () => void;
}

/** Asks for the account's e-mail in its own hand before all of it is deleted. */
export function DeleteAccountDialog({ email, onDeleted, onClose }: DeleteAccountDialogProps) {
  const t = useT();
  const titleId = useId();
  const textId = useId();
  const remove = useDeleteAccount();
  const errors = useFormErrors(remove.error, []);
  const word = email ?? GUEST_WORD;
  return (
    <Modal
      className={dialog.dialog}
      role="alertdialog"
      labelledBy={titleId}
      describedBy={textId}
      onClose={onClose}
    >
      <div className={dialog.content}>
        <h2 id={titleId}>{email ? t("account.deleteTitle") : t("account.deleteGuestTitle")}</h2>
        <p id={textId}>{t("account.deleteText")}</p>
        <Form
          submitLabel={t("account.deleteForGood")}
          isBusy={remove.isPending}
          failure={errors.general}
          tone="danger"
          onSubmit={({ text }) => remove.mutate(text("confirm").trim(), { onSuccess: onDeleted })}
          actions={<Button onClick={onClose}>{t("common.cancel")}</Button>}
        >
          <Field
            label={t("account.deleteConfirm", { word })}
            name="confirm"
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            required
            autoFocus
          />
        </Form>
      </div>
    </Modal>
  );
}
