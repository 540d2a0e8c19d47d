import { useQueryClient } from "@tanstack/react-query";
import { UPLOAD_TIMEOUT_MS } from "@/config/limits";
import { useAccountMutation } from "@/features/accounts/api/account-mutation";
import { ACCOUNT_API } from "@/features/accounts/paths";
import type { Imported } from "@/features/accounts/types";
import { requestJson, send } from "@/lib/api-client";

/** Add what an exported ZIP holds; all of the page may show it then. */
export function useImport() {
  const client = useQueryClient();
  return useAccountMutation(async (file: File) => {
    const imported = await sendArchive(file);
    void client.invalidateQueries();
    return imported;
  });
}

async function sendArchive(file: File): Promise<Imported> {
  const body = new FormData();
  body.append("file", file, file.name);
  const response = await send(
    (token, signal) =>
      fetch(ACCOUNT_API.import, {
        method: "POST",
        credentials: "same-origin",
        headers: { Accept: "application/json", ...(token ? { "X-CSRFToken": token } : {}) },
        body,
        signal,
      }),
    { method: "POST", timeoutMs: UPLOAD_TIMEOUT_MS },
  );
  return (await response.json()) as Imported;
}

/** Delete all that is the visitor's; `confirm` is the account's e-mail, of a guest the word `delete`. */
export function useDeleteAccount() {
  return useAccountMutation((confirm: string) =>
    requestJson<void>(ACCOUNT_API.account, { method: "DELETE", body: { confirm } }),
  );
}
