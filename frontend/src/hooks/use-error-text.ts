import { useServerText } from "@/hooks/use-server-text";
import { useT } from "@/i18n/language";
import { ApiProblem, ConnectionLost } from "@/lib/errors";

/** The sentence to show for anything that a call threw. */
export function useErrorText(): (error: unknown) => string {
  const t = useT();
  const serverText = useServerText();
  return (error) => {
    if (error instanceof ConnectionLost) return t("error.connection");
    if (!(error instanceof ApiProblem)) return t("error.unexpected");
    const { code, detail, status, errors } = error.problem;
    // The detail of a single reason is that reason.
    const said = new Set([serverText(code, detail), ...(errors ?? []).map(({ msg }) => msg ?? "")]);
    return [...said].filter(Boolean).join(" ") || t("error.status", { status: String(status) });
  };
}
