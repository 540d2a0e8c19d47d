import { useLanguagePack } from "@/i18n/language";
import { serverText } from "@/i18n/server-sentences";

/** What the gateway said under a code, in the language of the page. */
export function useServerText(): (code: string, said: string) => string {
  const pack = useLanguagePack();
  return (code, said) => serverText(pack, code, said);
}
