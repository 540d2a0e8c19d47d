import { Command } from "lucide-react";
import { IconButton } from "@/components/ui/button";
import { Keys } from "@/components/ui/keys";
import { SHORTCUTS } from "@/config/shortcuts";
import { runCommand } from "@/hooks/use-command";
import { TOUCH, useMediaQuery } from "@/hooks/use-media-query";
import { useT } from "@/i18n/language";
import { firstKeys, keyNames } from "@/lib/chords";

/** Opens the command palette; where there is a keyboard, it shows the keys that do so. */
export function PaletteButton() {
  const t = useT();
  const hasTouch = useMediaQuery(TOUCH);
  const [chord] = SHORTCUTS.palette;
  return (
    <IconButton
      label={hasTouch ? t("palette.open") : `${t("palette.open")}: ${keyNames(chord).join(" ")}`}
      icon={hasTouch ? <Command aria-hidden /> : <Keys chord={chord} />}
      aria-keyshortcuts={firstKeys("palette")}
      onClick={() => runCommand("palette")}
    />
  );
}
